//! What an instance registered with and what its tasks have left of it: the difference is why a task does not fit.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::shape::{self, Failure};
use super::{check, lookup};
use crate::api::refusal::Refusal;
use crate::api::{Operation, Query};
use crate::model::noun::Noun;
use crate::world::World;
use crate::world::names::{Found, last_part};

/// [API DescribeContainerInstances.containerInstances]
const MOST: usize = 100;

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Request {
    /// The cluster's name or ARN; `default` without one.
    #[schemars(extend("noun" = Noun::Cluster))]
    cluster: Option<String>,
    /// Up to 100 ARNs, ids or beginnings of ids.
    #[schemars(extend("noun" = Noun::ContainerInstance))]
    container_instances: Vec<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Response {
    container_instances: Vec<shape::instance::ContainerInstance>,
    failures: Vec<Failure>,
}

pub(super) struct DescribeContainerInstances;

impl Operation for DescribeContainerInstances {
    const SERVICE: &'static str = "ecs";
    const NAME: &'static str = "DescribeContainerInstances";
    const SUMMARY: &'static str =
        "Shows container instances with what they have, what is left and how many tasks they run";
    const SEARCH: &'static [&'static str] = &["show", "node", "cpu", "memory", "remaining", "free", "room", "capacity"];
    const EXAMPLE: &'static str = r#"
ecs.create_cluster(#{ clusterName: "prod" });
let instance = ecs.register_container_instance(#{ cluster: "prod", totalResources: [
    #{ name: "CPU", type: "INTEGER", integerValue: 1024 }, #{ name: "MEMORY", type: "INTEGER", integerValue: 2048 },
] }).containerInstance.containerInstanceArn;
ecs.describe_container_instances(#{ cluster: "prod", containerInstances: [instance] })
    .containerInstances[0].remainingResources"#;
    type Request = Request;
    type Response = Response;
}

impl Query for DescribeContainerInstances {
    fn call(world: &World, request: Request) -> Result<Response, Refusal> {
        let cluster = lookup::cluster(world, request.cluster.as_deref())?;
        check::listed(
            request.container_instances.len(),
            "containerInstances",
            "Container Instances",
            MOST,
            "ecs.list_container_instances(#{ cluster: … }).containerInstanceArns",
        )?;
        let mut response = Response { container_instances: Vec::new(), failures: Vec::new() };
        for reference in request.container_instances {
            let detail = match lookup::instance(world, cluster, &reference) {
                Found::One(id) => {
                    response.container_instances.push(shape::instance::instance(world, id));
                    continue;
                }
                Found::Nothing => None,
                Found::Several(instances) => Some(world.several_instances(&instances, &reference)),
            };
            let cluster = &world.ecs.clusters[cluster].name;
            let arn = world.arn("ecs", &format!("container-instance/{cluster}/{}", last_part(&reference)));
            response.failures.push(Failure { detail, ..Failure::missing(arn) });
        }
        Ok(response)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::api::ecs::deregister_container_instance::tests::lab_with_instances;
    use crate::api::trial::call;

    const DESCRIBE: &str = "ecs.describe_container_instances";

    #[test]
    fn an_arn_an_id_or_its_beginning_will_do() {
        let (mut world, arns) = lab_with_instances(2);
        let id = arns[1].rsplit('/').next().expect("an ARN has slashes").to_owned();
        for reference in [arns[1].as_str(), &id, &id[..8]] {
            let request = json!({ "cluster": "prod", "containerInstances": [reference] });
            let answer = call(&mut world, DESCRIBE, request).expect("good");
            assert_eq!(answer["containerInstances"][0]["containerInstanceArn"], arns[1].as_str());
            assert_eq!(answer["failures"], json!([]));
        }
    }

    #[test]
    fn what_is_not_there_is_a_failure_and_not_an_error() {
        let (mut world, arns) = lab_with_instances(40);
        call(&mut world, "ecs.create_cluster", json!({ "clusterName": "dev" })).expect("it is new");
        let beginning = (0..16).map(|digit| format!("{digit:x}")).find(|digit| {
            arns.iter().filter(|arn| arn.rsplit('/').next().is_some_and(|id| id.starts_with(digit))).count() > 1
        });
        let beginning = beginning.expect("forty ids begin with sixteen digits");
        let ask = json!({ "cluster": "prod", "containerInstances": ["cafe", arns[0], beginning] });
        let answer = call(&mut world, DESCRIBE, ask).expect("good");
        assert_eq!(answer["containerInstances"].as_array().map(Vec::len), Some(1));
        let missing = "arn:aws:ecs:us-east-1:123456789012:container-instance/prod/cafe";
        assert_eq!(answer["failures"][0], json!({ "arn": missing, "reason": "MISSING" }));
        assert!(answer["failures"][1]["detail"].as_str().is_some_and(|d| d.contains("container instances begin with")));
        let elsewhere = json!({ "cluster": "dev", "containerInstances": [arns[0]] });
        assert_eq!(call(&mut world, DESCRIBE, elsewhere).expect("good")["failures"][0]["reason"], "MISSING");
    }

    #[test]
    fn none_and_too_many_are_refused() {
        let (mut world, arns) = lab_with_instances(1);
        for (count, message) in
            [(0, "Container Instances cannot be empty."), (101, "containerInstances can have at most 100 items.")]
        {
            let request = json!({ "cluster": "prod", "containerInstances": vec![&arns[0]; count] });
            assert_eq!(call(&mut world, DESCRIBE, request).expect_err(message).message, message);
        }
    }
}
