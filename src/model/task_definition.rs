//! What a task definition says: the recipe, member for member as AWS spells it.
//!
//! The same types are parsed from a request, kept in the world and shown by DescribeTaskDefinition, so the three cannot
//! disagree. Whether the values make sense together is checked at registration (`api::ecs::register_task_definition`).

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::aws_enum::aws_enum;
use crate::model::noun::Noun;

aws_enum! {
    /// `networkMode`. The default on EC2 with Linux is bridge; Fargate takes awsvpc only. [API NetworkMode]
    NetworkMode {
        /// Docker's own virtual network on each instance.
        Bridge = "bridge",
        /// The instance's network.
        Host = "host",
        /// A network interface of its own for each task.
        Awsvpc = "awsvpc",
        /// No network.
        None = "none",
    }
}

aws_enum! {
    /// What a definition must be able to run on. [API Compatibility]
    Compatibility {
        /// Container instances.
        Ec2 = "EC2",
        /// Fargate.
        Fargate = "FARGATE",
        /// ECS Anywhere.
        External = "EXTERNAL",
        /// ECS Managed Instances.
        ManagedInstances = "MANAGED_INSTANCES",
    }
}

aws_enum! {
    /// What a container waits for before it starts. [API ContainerCondition]
    DependencyCondition {
        /// The other container has been started.
        Start = "START",
        /// The other container has exited, with any code.
        Complete = "COMPLETE",
        /// The other container has exited with code 0.
        Success = "SUCCESS",
        /// The other container has passed its health check.
        Healthy = "HEALTHY",
    }
}

/// One container of a task definition. [API ContainerDefinition]
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ContainerDefinition {
    /// The container's name, unique in the definition.
    #[serde(default)]
    pub name: String,
    /// The image to run, such as `nginx:1.27` or an ECR address.
    #[serde(default)]
    #[schemars(extend("noun" = Noun::Image))]
    pub image: String,
    /// CPU units (1024 are one vCPU) reserved for this container.
    #[serde(default)]
    pub cpu: u32,
    /// Hard memory limit in MiB: the container is killed above it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memory: Option<u32>,
    /// Soft memory limit in MiB: what placement subtracts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memory_reservation: Option<u32>,
    /// Whether the whole task stops when this container stops.
    #[serde(default = "yes")]
    pub essential: bool,
    /// The ports that the container listens on.
    #[serde(default)]
    pub port_mappings: Vec<PortMapping>,
    /// Environment variables.
    #[serde(default)]
    pub environment: Vec<KeyValuePair>,
    /// Values fetched at container start from Secrets Manager or Parameter Store.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub secrets: Vec<Secret>,
    /// Containers that must reach a condition first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub depends_on: Vec<ContainerDependency>,
    /// Seconds to wait for this container's condition before dependants give up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start_timeout: Option<u32>,
    /// Seconds between SIGTERM and SIGKILL.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stop_timeout: Option<u32>,
    /// The container health check.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub health_check: Option<HealthCheck>,
    /// Where standard output goes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub log_configuration: Option<LogConfiguration>,
    /// Replaces the image's command.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub command: Vec<String>,
    /// Replaces the image's entry point.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub entry_point: Vec<String>,
    /// The directory that the command starts in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub working_directory: Option<String>,
    /// The user inside the container.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// Whether the container may act as root on its host. Not on Fargate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub privileged: Option<bool>,
    /// Whether the root file system is read-only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub readonly_root_filesystem: Option<bool>,
    /// Labels put on the Docker container.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub docker_labels: BTreeMap<String, String>,
}

fn yes() -> bool {
    true
}

/// A port of a container. [API PortMapping]
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PortMapping {
    /// The port inside the container.
    pub container_port: u32,
    /// The port on the host; blank, or the same, under awsvpc.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host_port: Option<u32>,
    /// `tcp` or `udp`.
    #[serde(default = "tcp")]
    pub protocol: String,
    /// The name that Service Connect uses.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The application protocol for Service Connect: http, http2 or grpc.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub app_protocol: Option<String>,
}

fn tcp() -> String {
    "tcp".to_owned()
}

/// A name and a value. [API KeyValuePair]
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct KeyValuePair {
    /// The variable's name.
    pub name: String,
    /// Its value.
    pub value: String,
}

/// A secret handed to a container as an environment variable. [API Secret]
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Secret {
    /// The variable's name.
    pub name: String,
    /// The ARN of the secret or parameter.
    pub value_from: String,
}

/// What a container waits for. [API ContainerDependency]
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ContainerDependency {
    /// The other container's name.
    pub container_name: String,
    /// What it must have reached.
    pub condition: DependencyCondition,
}

/// A container health check. [API HealthCheck]
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct HealthCheck {
    /// The command, with CMD or CMD-SHELL first.
    pub command: Vec<String>,
    /// Seconds between checks: 5 to 300.
    #[serde(default = "thirty")]
    pub interval: u32,
    /// Seconds until a check counts as failed: 2 to 60.
    #[serde(default = "five")]
    pub timeout: u32,
    /// Failed checks in a row until UNHEALTHY: 1 to 10.
    #[serde(default = "three")]
    pub retries: u32,
    /// Seconds in which failures do not count: 0 to 300.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start_period: Option<u32>,
}

fn thirty() -> u32 {
    30
}
fn five() -> u32 {
    5
}
fn three() -> u32 {
    3
}

/// Where a container's output goes. [API LogConfiguration]
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LogConfiguration {
    /// The driver: awslogs, splunk or awsfirelens on Fargate.
    pub log_driver: String,
    /// The driver's options.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub options: BTreeMap<String, String>,
}

/// The platform that a task needs. [API RuntimePlatform]
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RuntimePlatform {
    /// X86_64 or ARM64.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cpu_architecture: Option<String>,
    /// LINUX or one of the Windows families.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operating_system_family: Option<String>,
}

impl RuntimePlatform {
    /// Whether it is one of the Windows families.
    pub fn is_windows(&self) -> bool {
        self.operating_system_family.as_deref().is_some_and(|family| family.starts_with("WINDOWS"))
    }

    /// Whether it is ARM64; x86 where nothing is said.
    pub fn is_arm(&self) -> bool {
        self.cpu_architecture.as_deref() == Some("ARM64")
    }
}

/// How a task is attached to a VPC. [API AwsVpcConfiguration]
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AwsVpcConfiguration {
    /// The subnets to choose from; at most 16.
    #[serde(default)]
    #[schemars(extend("noun" = Noun::Subnet))]
    pub subnets: Vec<String>,
    /// The security groups; at most 5. The VPC's default group if none are given.
    #[serde(default)]
    #[schemars(extend("noun" = Noun::SecurityGroup))]
    pub security_groups: Vec<String>,
    /// Whether the interface gets a public address.
    #[serde(default = "disabled")]
    pub assign_public_ip: AssignPublicIp,
}

fn disabled() -> AssignPublicIp {
    AssignPublicIp::Disabled
}

aws_enum! {
    /// `assignPublicIp`. [API AssignPublicIp]
    AssignPublicIp {
        /// A public address; needs a public subnet to be of use.
        Enabled = "ENABLED",
        /// Private addresses only.
        Disabled = "DISABLED",
    }
}

/// The wrapper that AWS puts around [`AwsVpcConfiguration`]. [API NetworkConfiguration]
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NetworkConfiguration {
    /// Subnets, security groups, public address.
    pub awsvpc_configuration: AwsVpcConfiguration,
}
