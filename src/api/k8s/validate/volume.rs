//! Volumes, and the tokens in them. [K32 pkg/apis/core/validation ValidateVolumes]

use std::collections::BTreeSet;

use super::Problems;
use super::container::required;
use crate::model::kubernetes::format::{self, quoted};
use crate::model::kubernetes::pod::{Projected, TokenProjection, Volume};

/// How long a projected token may live, in seconds. [semantics/eks.md 6.2; validateProjectionSources]
const TOKEN_SECONDS: std::ops::RangeInclusive<i64> = 600..=1 << 32;

/// Checks the volumes of a pod. Returns the names of those that containers can mount.
pub(super) fn check<'a>(volumes: &'a [Volume], problems: &mut Problems) -> BTreeSet<&'a str> {
    let mut usable = BTreeSet::new();
    for (index, volume) in volumes.iter().enumerate() {
        let (path, before) = (format!("spec.volumes[{index}]"), problems.list.len());
        if volume.empty_dir.is_some() && volume.projected.is_some() {
            problems.add(&format!("{path}.projected"), "Forbidden: may not specify more than 1 volume type");
        } else if let Some(projected) = &volume.projected {
            check_projected(projected, &format!("{path}.projected"), problems);
        }
        let name = format!("{path}.name");
        required(&name, &volume.name, format::label, problems);
        if usable.contains(volume.name.as_str()) {
            problems.add(&name, format_args!("Duplicate value: {}", quoted(&volume.name)));
        }
        if problems.list.len() == before {
            usable.insert(volume.name.as_str());
        }
    }
    usable
}

fn check_projected(projected: &Projected, path: &str, problems: &mut Problems) {
    if let Some(mode) = projected.default_mode.filter(|mode| !(0..=0o777).contains(mode)) {
        let at = format!("{path}.defaultMode");
        let what = "must be a number between 0 and 0777 (octal), both inclusive";
        problems.add(&at, format_args!("Invalid value: {mode}: {what}"));
    }
    for (index, source) in projected.sources.iter().enumerate() {
        let Some(token) = &source.service_account_token else { continue };
        check_token(token, &format!("{path}.sources[{index}].serviceAccountToken"), problems);
        if token.path.is_empty() {
            // Kubernetes leaves the source out of this path.
            problems.add(&format!("{path}.path"), "Required value");
        }
    }
}

fn check_token(token: &TokenProjection, path: &str, problems: &mut Problems) {
    let seconds = token.expiration_seconds;
    let what = match seconds {
        _ if seconds < *TOKEN_SECONDS.start() => "may not specify a duration less than 10 minutes",
        _ if seconds > *TOKEN_SECONDS.end() => "may not specify a duration larger than 2^32 seconds",
        _ => return,
    };
    problems.add(&format!("{path}.expirationSeconds"), format_args!("Invalid value: {seconds}: {what}"));
}
