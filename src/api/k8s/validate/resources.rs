//! What containers ask for and may use. [K32 pkg/apis/core/validation ValidateContainerResourceRequirements]

use super::Problems;
use crate::model::kubernetes::format::{self, quoted};
use crate::model::kubernetes::quantity::Quantity;
use crate::model::kubernetes::resources::{Resources, is_counted};

const HUGE_PAGES: &str = "hugepages-";
/// Where Kubernetes's own resources stand; others' are not there. [pkg/apis/core/helper IsNativeResource]
const NATIVE: &str = "kubernetes.io/";

pub(super) fn check(resources: &Resources, path: &str, problems: &mut Problems) {
    let before = problems.list.len();
    let (limits, requests) = (format!("{path}.limits"), format!("{path}.requests"));
    for (name, limit) in &resources.limits {
        check_amount(name, limit, &format!("{limits}[{name}]"), problems);
    }
    for (name, asked) in &resources.requests {
        check_amount(name, asked, &format!("{requests}[{name}]"), problems);
        let shared = is_shared(name);
        let what = match resources.limits.get(name) {
            Some(limit) if !shared && asked != limit => format!("must be equal to {name} limit of {limit}"),
            Some(limit) if asked > limit => format!("must be less than or equal to {name} limit of {limit}"),
            None if !shared => {
                problems.add(&limits, "Required value: Limit must be set for non overcommitable resources");
                continue;
            }
            _ => continue,
        };
        problems.check(&requests, &asked.to_string(), vec![what]);
    }
    let names = || resources.limits.keys().chain(resources.requests.keys());
    if names().any(|name| name.starts_with(HUGE_PAGES))
        && !names().any(|name| matches!(name.as_str(), "cpu" | "memory"))
    {
        problems.add(path, "Forbidden: HugePages require cpu or memory");
    }
    problems.explain(
        before,
        "a request is kept for the container on its node, and a limit is the most that it gets",
        "ask for no more than the limit: requests: {cpu: 250m, memory: 128Mi}, limits: {cpu: 500m, memory: 256Mi}",
    );
}

/// Whether several containers may be promised the same piece of it. [pkg/apis/core/helper IsOvercommitAllowed]
fn is_shared(name: &str) -> bool {
    !name.starts_with(HUGE_PAGES) && (!name.contains('/') || name.contains(NATIVE))
}

/// [validateContainerResourceName, ValidateResourceQuantityValue]
fn check_amount(name: &str, amount: &Quantity, path: &str, problems: &mut Problems) {
    let wrong = format::qualified_name(name);
    if !wrong.is_empty() {
        problems.check(path, name, wrong);
    } else if !name.contains('/') && !is_counted(name) && !name.starts_with(HUGE_PAGES) {
        // Some names stand for something elsewhere: a claim has storage, a quota counts pods.
        // [pkg/apis/core/helper IsStandardResourceName]
        let elsewhere = ["storage", "pods", "services", "secrets", "configmaps", "persistentvolumeclaims"];
        if !elsewhere.contains(&name) {
            problems.check(path, name, vec!["must be a standard resource type or fully qualified".to_owned()]);
        }
        problems.check(path, name, vec!["must be a standard resource for containers".to_owned()]);
    } else if name.contains('/') && !name.contains(NATIVE) && name.starts_with("requests.") {
        problems.check(path, name, vec!["doesn't follow extended resource name standard".to_owned()]);
    }
    if amount.value() < 0 {
        problems.check(path, &amount.to_string(), vec!["must be greater than or equal to 0".to_owned()]);
    }
    if name.contains('/') && !name.contains(NATIVE) && !amount.is_whole() {
        // Kubernetes shows the inside of its own record of the number here.
        problems.add(path, format_args!("Invalid value: {}: must be an integer", quoted(&amount.to_string())));
    }
}
