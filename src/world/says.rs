//! What ECS says about services and tasks, in AWS's own sentences: `events[]` and `stoppedReason`.
//!
//! Texts: `semantics/ecs.md` 2.4 and 4.6. Kept as data; the sentence is made when somebody reads it.

use crate::model::id::{DefinitionId, DeploymentId, InstanceId, TargetGroupId, TargetId, TaskId};
use crate::model::load_balancing::Reason;
use crate::model::task_definition::AssignPublicIp;
use crate::model::time::Moment;
use crate::world::World;
use crate::world::ecs::{RoleUse, StopReason};
use crate::world::elb::Place;

/// One entry of a service's `events[]`.
#[derive(Clone, Debug, Hash)]
pub struct ServiceEvent {
    /// When it was written.
    pub at: Moment,
    /// What it says.
    pub says: Says,
}

/// The sentences.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Says {
    /// Tasks were started; so many of them in the place of unhealthy ones.
    Started(Box<[TaskId]>, u32),
    /// A task failed its container health checks.
    FailedContainerChecks(TaskId),
    /// A target group takes a task's target for unhealthy, for this reason.
    UnhealthyTarget(TaskId, TargetId, Reason),
    /// A task is not registered with a target group of its service.
    TargetMissing(TaskId, TargetGroupId),
    /// A target group of the service has been deleted.
    GroupMissing(TaskId, TargetGroupId),
    /// So many targets were registered with a group.
    Registered(u32, TargetGroupId),
    /// So many targets were deregistered from a group.
    Deregistered(u32, TargetGroupId),
    /// So many tasks of a deployment finish their requests.
    Draining(DeploymentId, u32),
    /// Tasks fail to start again and again.
    CannotStart,
    /// The circuit breaker ended a deployment.
    DeploymentFailed(DeploymentId),
    /// An older deployment takes over again.
    RollingBack(DeploymentId),
    /// Tasks were told to stop.
    Stopped(Box<[TaskId]>),
    /// A deployment reached its steady state.
    DeploymentCompleted(DeploymentId),
    /// The service runs what it should.
    SteadyState,
    /// There is no room for a task.
    NoRoom(Shortage),
    /// minimumHealthyPercent and maximumPercent leave no move.
    Deadlocked,
    /// A role of this task definition cannot be assumed.
    CannotAssume(DefinitionId, RoleUse),
}

/// Why there is no room for a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Shortage {
    /// There are none in the cluster.
    NoInstances,
    /// The closest one is not in a zone of the subnets that the task may use.
    Location(InstanceId),
    /// The closest one lacks CPU units.
    Cpu(InstanceId),
    /// The closest one lacks memory.
    Memory(InstanceId),
    /// The closest one has a task on a host port that this task asks for.
    Ports(InstanceId),
    /// Fargate, or Fargate Spot, has no capacity.
    FargateCapacity,
    /// This lab has created as many tasks as it may: longshore's own limit.
    LabFull,
}

impl Shortage {
    /// The word that RunTask's `failures[].reason` uses.
    pub const fn failure_reason(self) -> &'static str {
        match self {
            Shortage::NoInstances => "No Container Instances were found in your cluster.",
            Shortage::Location(_) => "LOCATION",
            Shortage::Cpu(_) => "RESOURCE:CPU",
            Shortage::Memory(_) => "RESOURCE:MEMORY",
            Shortage::Ports(_) => "RESOURCE:PORTS",
            Shortage::FargateCapacity => {
                "Capacity is unavailable at this time. Please try again later or in a different availability zone"
            }
            Shortage::LabFull => "This lab has created as many tasks as it may. Start a new one",
        }
    }

    /// How close an instance came: the later the check that it failed, the closer.
    pub const fn rank(self) -> u8 {
        match self {
            Shortage::NoInstances | Shortage::FargateCapacity | Shortage::LabFull => 0,
            Shortage::Location(_) => 1,
            Shortage::Cpu(_) => 2,
            Shortage::Memory(_) => 3,
            Shortage::Ports(_) => 4,
        }
    }

    /// The instance that came closest.
    pub const fn instance(self) -> Option<InstanceId> {
        match self {
            Shortage::NoInstances | Shortage::FargateCapacity | Shortage::LabFull => None,
            Shortage::Location(id) | Shortage::Cpu(id) | Shortage::Memory(id) | Shortage::Ports(id) => Some(id),
        }
    }
}

impl World {
    /// `stoppedReason` of a task. Texts: `semantics/ecs.md` 2.4; that of a full subnet: `semantics/around.md` 1.
    pub fn stopped_reason(&self, reason: &StopReason) -> String {
        match reason {
            StopReason::EssentialContainerExited => "Essential container in task exited".to_owned(),
            StopReason::Scaling(deployment) => {
                format!("Scaling activity initiated by (deployment {})", self.deployment_name(*deployment))
            }
            StopReason::User(said) => said.as_deref().unwrap_or("Task stopped by user").to_owned(),
            StopReason::FailedContainerChecks => "Task failed container health checks".to_owned(),
            StopReason::FailedElbChecks(group) => {
                format!("Task failed ELB health checks in (target-group {})", self.target_group_arn(*group))
            }
            StopReason::NoFreeAddress(subnet, public) => {
                let public = match public {
                    AssignPublicIp::Enabled => "with public IP assignment enabled ",
                    AssignPublicIp::Disabled => "",
                };
                format!(
                    "Unexpected EC2 error while attempting to Create Network Interface {public}in subnet '{}': \
                     InsufficientFreeAddressesInSubnet",
                    self.vpc.subnets[*subnet].id
                )
            }
            StopReason::CannotPull => {
                "CannotPullContainerError: The task can't pull the image. Check whether the image exists.".to_owned()
            }
            StopReason::MayNotPull => {
                "CannotPullContainerError: The task can't pull the image. Check that the role has \
                                       the permissions to pull images from the registry."
                    .to_owned()
            }
            StopReason::CannotInitialize(error) => format!("ResourceInitializationError: {error}"),
            // Seen where a startTimeout ran out [OBS]; for the other ways to wait in vain UNSOURCED.
            StopReason::FailedToStart => "Task failed to start".to_owned(),
            StopReason::SpotInterruption => "Your Spot Task was interrupted.".to_owned(),
            StopReason::InstanceDeregistered => "Container instance deregistration forced by user".to_owned(),
        }
    }

    /// The sentence of an event of the service with this name.
    pub fn event_text(&self, service: &str, says: &Says) -> String {
        let list = |tasks: &[TaskId]| {
            let room = String::with_capacity(40 * tasks.len());
            tasks.iter().fold(room, |list, &task| list + " (task " + self.task_name(task).as_str() + ")")
        };
        match says {
            Says::Started(tasks, 0) => {
                format!("(service {service}) has started {} tasks:{}.", tasks.len(), list(tasks))
            }
            Says::Started(tasks, replaced) => format!(
                "(service {service}) has started {} tasks:{}. Amazon ECS replaced {replaced} tasks due to an unhealthy status.",
                tasks.len(),
                list(tasks)
            ),
            Says::FailedContainerChecks(task) => {
                format!("(service {service}) (task {}) failed container health checks.", self.task_name(*task))
            }
            Says::UnhealthyTarget(task, target, reason) => self.unhealthy_target_text(service, *task, *target, *reason),
            Says::TargetMissing(task, group) => self.missing_target_text(service, *task, *group, "TARGET IS NOT FOUND"),
            Says::GroupMissing(task, group) => {
                self.missing_target_text(service, *task, *group, "TARGET GROUP IS NOT FOUND")
            }
            Says::Registered(count, group) => {
                let arn = self.target_group_arn(*group);
                format!("(service {service}) registered {count} targets in (target-group {arn})")
            }
            Says::Deregistered(count, group) => {
                let arn = self.target_group_arn(*group);
                format!("(service {service}) deregistered {count} targets in (target-group {arn})")
            }
            Says::Draining(deployment, count) => {
                let set = self.deployment_name(*deployment);
                format!("(service {service}, taskSet {set}) has begun draining connections on {count} tasks.")
            }
            Says::CannotStart => format!("(service {service}) is unable to consistently start tasks successfully."),
            Says::DeploymentFailed(id) => format!(
                "(service {service}) (deployment {}) deployment failed: tasks failed to start.",
                self.deployment_name(*id)
            ),
            Says::RollingBack(id) => {
                format!("(service {service}) rolling back to deployment {}.", self.deployment_name(*id))
            }
            Says::Stopped(tasks) => {
                format!("(service {service}) has stopped {} running tasks:{}.", tasks.len(), list(tasks))
            }
            Says::DeploymentCompleted(id) => {
                format!("(service {service}) (deployment {}) deployment completed.", self.deployment_name(*id))
            }
            Says::SteadyState => format!("(service {service}) has reached a steady state."),
            Says::NoRoom(shortage @ (Shortage::FargateCapacity | Shortage::LabFull)) => {
                format!("(service {service}) was unable to place a task. Reason: {}.", shortage.failure_reason())
            }
            Says::NoRoom(shortage) => format!(
                "(service {service}) was unable to place a task because no container instance met all of its requirements. {}",
                self.shortage_text(*shortage)
            ),
            Says::Deadlocked => format!(
                "(service {service}) was unable to stop or start tasks during a deployment because of the service \
                 deployment configuration. Update the minimumHealthyPercent or maximumPercent value and try again."
            ),
            Says::CannotAssume(definition, usage) => {
                let error = self.unassumable_text(*definition, *usage);
                format!("(service {service}) failed to launch a task with (error {error}).")
            }
        }
    }

    /// A role of a task definition cannot be assumed. RunTask answers it, events of services have it within.
    /// [boto3 issue 1878; aws-samples/aws-modern-application-workshop issue 88]
    pub fn unassumable_text(&self, definition: DefinitionId, usage: RoleUse) -> String {
        let role = self.ecs.definitions[definition].content.role(usage).unwrap_or_default();
        format!(
            "ECS was unable to assume the role '{role}' that was provided for this task. Please verify that the role \
             being passed has the proper trust relationship and permissions and that your IAM user has permissions to \
             pass this role."
        )
    }

    /// What a target group says of a task; a task behind an instance is named by it. [semantics/around.md 3.4]
    fn unhealthy_target_text(&self, service: &str, task: TaskId, target: TargetId, reason: Reason) -> String {
        let target = &self.elb.targets[target];
        let who = match target.place {
            Place::Instance(instance) => format!("instance {}", self.ec2_instance_id(instance)),
            Place::Interface(_) | Place::Address(_) => format!("task {}", self.task_name(task)),
        };
        let (port, group) = (target.port, self.target_group_arn(target.group));
        let reason = reason.description();
        format!(
            "(service {service}) ({who}) (port {port}) is unhealthy in (target-group {group}) due to (reason {reason})."
        )
    }

    /// A task is not where it should be. [DG service event messages]
    fn missing_target_text(&self, service: &str, task: TaskId, group: TargetGroupId, what: &str) -> String {
        let set =
            self.ecs.tasks[task].deployment.map(|deployment| self.deployment_name(deployment)).unwrap_or_default();
        let (task, group) = (self.task_name(task), self.target_group_arn(group));
        format!(
            "(service {service}) task set ({set}) (task {task}) is not healthy in target-group ({group}) due to {what}."
        )
    }

    /// The sentence that names what is short. The wording about memory and zones is UNSOURCED; it follows the
    /// documented one about CPU.
    fn shortage_text(&self, shortage: Shortage) -> String {
        let what = match shortage {
            Shortage::NoInstances | Shortage::FargateCapacity | Shortage::LabFull => {
                return shortage.failure_reason().to_owned();
            }
            Shortage::Location(_) => "is in another Availability Zone than the subnets of your task",
            Shortage::Cpu(_) => "has insufficient CPU units available",
            Shortage::Memory(_) => "has insufficient memory available",
            Shortage::Ports(_) => "is already using a port required by your task",
        };
        let closest = shortage.instance().map(|id| self.instance_name(id)).unwrap_or_default();
        format!("The closest matching (container-instance {closest}) {what}.")
    }
}
