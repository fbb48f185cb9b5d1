//! The nouns that members of requests name: a cluster, a task, a role's ARN.
//!
//! A field of a request says so where it is declared, and everything that wants to know reads it there:
//! `#[schemars(extend("noun" = Noun::Cluster))]`. `api::known` lists what a lab has of each, which is what the prompt
//! offers; a new world adds its nouns here and its lists there.

use serde::{Deserialize, Serialize};

/// What a text in a request stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Noun {
    /// An ECS cluster, by its name.
    Cluster,
    /// An ECS service, by its name.
    Service,
    /// A task definition family.
    Family,
    /// A revision of a task definition, as `family` or `family:revision`.
    TaskDefinition,
    /// An ECS task, by the beginning of its id.
    Task,
    /// A container of a task, by its name.
    Container,
    /// A container instance, by the beginning of its id.
    ContainerInstance,
    /// A capacity provider, by its name.
    CapacityProvider,
    /// Anything of ECS that has an ARN.
    EcsResource,
    /// A subnet, `subnet-…`.
    Subnet,
    /// A security group, `sg-…`.
    SecurityGroup,
    /// A security group, by its name.
    SecurityGroupName,
    /// A container image that was defined in the lab, by its name.
    Image,
    /// An IAM role, by its name.
    Role,
    /// An IAM role, by its ARN.
    RoleArn,
    /// A managed policy, by its ARN.
    ManagedPolicy,
    /// An inline policy of a role, by its name.
    InlinePolicy,
    /// An OpenID Connect provider of IAM, by its ARN.
    IdentityProvider,
    /// The VPC, `vpc-…`.
    Vpc,
    /// A load balancer, by its ARN.
    LoadBalancer,
    /// A load balancer, by its name.
    LoadBalancerName,
    /// A listener, by its ARN.
    Listener,
    /// A target group, by its ARN.
    TargetGroup,
    /// A target group, by its name.
    TargetGroupName,
    /// A launch template of EC2, by its name.
    LaunchTemplateName,
    /// An EKS cluster, by its name.
    EksCluster,
    /// A node group, by its name.
    Nodegroup,
    /// A Kubernetes namespace, by its name.
    Namespace,
    /// A Kubernetes node, by its name.
    Node,
    /// A Kubernetes pod, by its name, or by its namespace and its name.
    Pod,
    /// A Kubernetes service account, by its name, or by its namespace and its name.
    ServiceAccount,
    /// A kind of Kubernetes objects, as kubectl takes it.
    KubernetesKind,
    /// A Kubernetes object of the kind that stands beside it, by its name.
    KubernetesObject,
    /// Something in which a program runs: a pod by its name, an ECS task by the beginning of its id.
    Program,
}

/// The keyword under which a field's JSON Schema keeps its noun.
pub const KEYWORD: &str = "noun";
