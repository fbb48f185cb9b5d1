//! How long the services take, how fast they launch, what they charge, and how much they let an account have: each with
//! its source, and each as a lab may change it.
//!
//! What a request may say stands with the request: its defaults, ranges and lengths are in `api/`, those of a target
//! group's health check in `api/elbv2/health_check.rs`. The quotas of IAM and of Elastic Load Balancing are
//! [`Tuning::iam`] and [`Tuning::elb`], and their numbers stand with their worlds; prices are
//! [`Tuning::fargate_prices`], and stand in `world/prices.rs`. Other spans of time stand where they
//! are used:
//!
//! - credentials that AWS hands to tasks and nodes: `aws/iam/issued.rs`; tokens of service accounts:
//!   `kubernetes/token.rs`; when an SDK asks for others: `api/program/credentials.rs`;
//! - what a program does while it runs: `model/profile.rs`, for as long as `api/image/define.rs` lets it;
//! - longshore's own patience: `session/mod.rs` and `script/time.rs`.
//!
//! `calibration.md` is the project's collection of published measurements; the traces named here stand in its section
//! 3.

use crate::kernel::bucket::Rate;
use crate::model::time::Millis;
use crate::world::elb;
use crate::world::iam::Quotas;
use crate::world::prices::FargatePrices;

/// The constants of one world.
#[derive(Clone, Debug, Hash)]
pub struct Tuning {
    /// From a change that calls for tasks until the scheduler starts them. Traces A, B and C show "has started" 14.4 to
    /// 18.9 s after the trigger.
    pub scheduler_delay: Millis,
    /// A task in PROVISIONING with a network interface to attach. With `fargate_pending` and `small_pull` it makes the
    /// 30 s that traces A and B show between "has started" and "registered targets"; the split is UNSOURCED.
    pub interface_attach: Millis,
    /// A Fargate task in PENDING. See `interface_attach`.
    pub fargate_pending: Millis,
    /// ACTIVATING on Fargate with an image of up to `small_image_mb`. See `interface_attach`.
    pub small_pull: Millis,
    /// An image of this size is pulled within `small_pull`.
    pub small_image_mb: u32,
    /// Additional pull time for each MB above. A 2,700 MB image takes 25 s more (calibration 5 and 7).
    pub pull_per_mb: Millis,
    /// A task in PENDING on a container instance: agent poll and container creation. UNSOURCED; with `ec2_start` it
    /// makes the "about 5 s on a warm node" of the course notes.
    pub ec2_pending: Millis,
    /// ACTIVATING on a container instance that has the image already. See `ec2_pending`.
    pub ec2_start: Millis,
    /// Releasing the network interface after the containers stopped. Trace D.
    pub deprovisioning: Millis,
    /// A task without load balancer and container check counts as healthy this long after RUNNING.
    /// [API DeploymentConfiguration.minimumHealthyPercent]
    pub healthy_without_checks: Millis,
    /// Fires every probe of every health check instead of those that change something. Slow, and the same: for tests.
    pub every_probe: bool,
    /// Launches of a deployment that may fail before the scheduler slows down. SIM: AWS publishes the cap only.
    pub free_launches: u32,
    /// The first additional delay of the launch throttle; it doubles with each further failure. SIM, see
    /// `free_launches`.
    pub throttle_first: Millis,
    /// The longest delay of the launch throttle. [DG service throttle logic]
    pub throttle_cap: Millis,
    /// Whether the circuit breaker also counts tasks whose essential container ends before they were ever healthy. SIM:
    /// the grey zone of [RM 1206].
    pub breaker_counts_early_exits: bool,
    /// From SIGTERM to SIGKILL where a container does not say. [API ContainerDefinition.stopTimeout]
    pub stop_timeout: Millis,
    /// From the warning to the end of a task on Fargate Spot. [DG Fargate capacity providers]
    pub spot_notice: Millis,
    /// A task whose containers have not all started this long after its pull, because they wait for each other, is
    /// stopped [RM 1532; RM 2379]. From when AWS counts is UNSOURCED.
    pub start_overdue: Millis,
    /// Launches of one service: at most 500 in a minute [DG service quotas]. How AWS meters them is UNSOURCED. SIM: a
    /// small burst, and what flows back makes 500 with it, so that no minute has more, wherever it begins.
    pub service_launches: Rate,
    /// Launches on Fargate of one account in one Region. [DG Fargate throttling quotas]
    pub fargate_launches: Rate,
    /// Calls of RunTask on Fargate, each for up to 10 tasks: 20 a second, burst and sustained. [DG Fargate throttling
    /// quotas]
    pub run_task_calls: Rate,
    /// What Fargate charges.
    pub fargate_prices: FargatePrices,
    /// The shortest time between two launch waves of a throttled service. SIM: it bounds the work per task.
    pub launch_wave: Millis,
    /// A steady service says so again after this time. About 6 h observed, exact period UNSOURCED.
    pub steady_again: Millis,
    /// Stopped tasks stay visible at least one hour [DG stopped tasks]; here exactly that.
    pub stopped_visible: Millis,
    /// Tasks per service. [DG service quotas]
    pub tasks_per_service: u32,
    /// Services per cluster. [DG service quotas]
    pub services_per_cluster: u32,
    /// Clusters per Region. [DG service quotas]
    pub clusters: u32,
    /// Container instances per cluster. [DG service quotas]
    pub instances_per_cluster: u32,
    /// Container definitions per task definition. [DG service quotas]
    pub containers_per_definition: usize,
    /// Size of a task definition in bytes. [DG service quotas]
    pub definition_bytes: usize,
    /// `events[]` that DescribeServices returns. [API Service.events]
    pub events_shown: usize,
    /// From CreateCluster until an EKS cluster is ACTIVE: 8 to 12 min are typical, UNSOURCED. [semantics/eks.md 5.1]
    pub eks_cluster_create: Millis,
    /// From DeleteCluster until an EKS cluster is gone. UNSOURCED.
    pub eks_cluster_delete: Millis,
    /// From CreateNodegroup until a node group is ACTIVE and its nodes Ready: 2 to 4 min, UNSOURCED.
    /// [semantics/eks.md 5.1]
    pub nodegroup_create: Millis,
    /// From DeleteNodegroup until a node group is gone. UNSOURCED.
    pub nodegroup_delete: Millis,
    /// EKS clusters in a Region. [EKS-UG service-quotas]
    pub eks_clusters: usize,
    /// Managed node groups in a cluster. [EKS-UG service-quotas]
    pub nodegroups_per_cluster: usize,
    /// Nodes in a managed node group. [EKS-UG service-quotas]
    pub nodes_per_nodegroup: u32,
    /// Sandbox, network and volumes of a pod, before its containers start. UNSOURCED; pulls are extra.
    pub pod_sandbox: Millis,
    /// The first delay before a container of a pod starts again, or its image is pulled again. [semantics/eks.md 3.2]
    pub pod_backoff_first: Millis,
    /// The longest such delay. [semantics/eks.md 3.2]
    pub pod_backoff_cap: Millis,
    /// A container that ran for longer than this begins with the first delay again. [semantics/eks.md 3.2]
    pub pod_backoff_reset: Millis,
    /// Kubernetes objects that one world may create. A limit of longshore's own.
    pub objects_ever: usize,
    /// What IAM lets an account create.
    pub iam: Quotas,
    /// What Elastic Load Balancing lets an account create.
    pub elb: elb::Quotas,
    /// A load balancer shows itself as `provisioning` for this long. "A few minutes", exact time UNSOURCED; listeners
    /// and health checks do not wait for it. SIM.
    pub load_balancer_provisioning: Millis,
    /// How long a deregistered target is given to finish where its group does not say.
    /// [ELBAPI deregistration_delay.timeout_seconds]
    pub deregistration_delay: Millis,
    /// Target groups of a service. [DG service quotas]
    pub target_groups_per_service: usize,
    /// The first port that Docker gives to a container that asks for any: the kernel's ip_local_port_range.
    /// [API PortMapping; AGENT ephemeral_ports]
    pub first_dynamic_port: u16,
    /// How many such ports there are.
    pub dynamic_ports: u16,
    /// Tasks that one world may create. A limit of longshore's own, so that a script cannot eat the machine.
    pub tasks_ever: usize,
    /// Revisions that one world may register. A limit of longshore's own.
    pub definitions_ever: usize,
}

impl Tuning {
    /// How long it takes to pull so many MB.
    pub fn pull(&self, megabytes: u32) -> Millis {
        Millis(self.pull_per_mb.0 * u64::from(megabytes))
    }
}

impl Default for Tuning {
    fn default() -> Self {
        Tuning {
            scheduler_delay: Millis::seconds(15),
            interface_attach: Millis::seconds(10),
            fargate_pending: Millis::seconds(10),
            small_pull: Millis::seconds(10),
            small_image_mb: 200,
            pull_per_mb: Millis(10),
            ec2_pending: Millis::seconds(1),
            ec2_start: Millis::seconds(4),
            deprovisioning: Millis::seconds(10),
            healthy_without_checks: Millis::seconds(40),
            every_probe: false,
            free_launches: 2,
            throttle_first: Millis::seconds(10),
            throttle_cap: Millis::minutes(27),
            breaker_counts_early_exits: true,
            stop_timeout: Millis::seconds(30),
            spot_notice: Millis::minutes(2),
            start_overdue: Millis::minutes(3 * 60),
            service_launches: Rate { burst: 10, per_minute: 490 },
            fargate_launches: Rate { burst: 100, per_minute: 20 * 60 },
            run_task_calls: Rate { burst: 20, per_minute: 20 * 60 },
            fargate_prices: FargatePrices::default(),
            launch_wave: Millis::seconds(1),
            steady_again: Millis::minutes(6 * 60),
            stopped_visible: Millis::minutes(60),
            tasks_per_service: 5_000,
            services_per_cluster: 5_000,
            clusters: 10_000,
            instances_per_cluster: 5_000,
            containers_per_definition: 10,
            definition_bytes: 64 * 1024,
            events_shown: 100,
            eks_cluster_create: Millis::minutes(10),
            eks_cluster_delete: Millis::minutes(5),
            nodegroup_create: Millis::minutes(3),
            nodegroup_delete: Millis::minutes(3),
            eks_clusters: 100,
            nodegroups_per_cluster: 30,
            nodes_per_nodegroup: 450,
            pod_sandbox: Millis::seconds(2),
            pod_backoff_first: Millis::seconds(10),
            pod_backoff_cap: Millis::seconds(300),
            pod_backoff_reset: Millis::seconds(600),
            objects_ever: 100_000,
            iam: Quotas::default(),
            elb: elb::Quotas::default(),
            load_balancer_provisioning: Millis::minutes(2),
            deregistration_delay: Millis::seconds(300),
            target_groups_per_service: 5,
            first_dynamic_port: 32_768,
            dynamic_ports: 28_232,
            tasks_ever: 1_000_000,
            definitions_ever: 100_000,
        }
    }
}
