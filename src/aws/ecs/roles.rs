//! The two roles of a task: whom ECS becomes to make it ready, and whom its programs become.
//!
//! A task definition may name roles that do not exist, and be registered. They have to be there, and to trust ECS, when
//! a task is started; and the execution role has to be allowed what the task needs before its containers start.
//! [semantics/eks.md 6.5; semantics/around.md 2, 5.3, 9]

use crate::aws::iam::request::Keys;
use crate::aws::iam::trace::Verdict;
use crate::aws::iam::{authorize, denial, issued, mend};
use crate::model::id::{DefinitionId, RoleId, TaskId};
use crate::model::status::LaunchType;
use crate::model::task_definition::{ContainerDefinition, LogConfiguration, Secret};
use crate::world::World;
use crate::world::ecs::{RoleUse, StopReason};
use crate::world::iam::{Iam, RoleSession};
use crate::world::names::{ACCOUNT, REGION};

/// Who assumes both roles. [semantics/eks.md 6.5]
pub const SERVICE: &str = "ecs-tasks.amazonaws.com";
/// What an execution role needs to pull and to log. [semantics/around.md 2]
const EXECUTION_POLICY: &str = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy";

/// A role of a task definition that ECS cannot assume.
#[derive(Clone, Debug)]
pub struct Unassumable {
    /// Which role.
    pub usage: RoleUse,
    /// Why.
    pub because: String,
    /// What would help, as it can be typed.
    pub way_out: String,
    /// What the evaluator saw in the trust policy, if there is one.
    pub verdict: Option<Verdict>,
}

/// Whether ECS can assume the roles of a task definition. The order is UNSOURCED.
pub fn check(world: &World, definition: DefinitionId) -> Result<(), Box<Unassumable>> {
    let content = &world.ecs.definitions[definition].content;
    for usage in RoleUse::ALL {
        if let Some(reference) = content.role(usage) {
            assumable(world, usage, reference)?;
        }
    }
    Ok(())
}

/// The session of one of the roles of a task, which ECS began when it started the task: its name is the task's id.
/// [semantics/around.md 2] Nothing if the definition names no such role.
pub fn session(world: &World, task: TaskId, usage: RoleUse) -> Option<Result<RoleSession, Box<Unassumable>>> {
    let record = &world.ecs.tasks[task];
    let reference = world.ecs.definitions[record.definition].content.role(usage)?;
    let (since, name) = (record.times.created, world.task_name(task));
    let last = find(world, reference, Iam::last_role);
    let issued = last.and_then(|role| issued::session(world, role, SERVICE, since, name.clone()));
    Some(match issued {
        Some(session) => Ok(session),
        None => assumable(world, usage, reference).map(|role| issued::begin(role, world.now, name)),
    })
}

/// The role behind a reference, if ECS can assume it.
fn assumable(world: &World, usage: RoleUse, reference: &str) -> Result<RoleId, Box<Unassumable>> {
    let no = |because, way_out, verdict| Err(Box::new(Unassumable { usage, because, way_out, verdict }));
    let member = usage.member();
    let Some(role) = find(world, reference, Iam::role) else {
        let name = reference.rsplit('/').next().unwrap_or(reference);
        if !is_of_this_account(reference) {
            let because =
                format!("{member} is a role of another account; a task takes roles of its own account, {ACCOUNT}");
            return no(because, format!("name one like arn:aws:iam::{ACCOUNT}:role/{name}"), None);
        }
        return no(format!("{member} names a role that does not exist: `{name}`"), create(usage, reference), None);
    };
    let verdict = authorize::trusts_service(world, role, SERVICE);
    if verdict.is_allowed() {
        return Ok(role);
    }
    let name = &world.iam.roles[role].name;
    let because = format!("{member} `{name}` does not let {SERVICE} assume it: {}", denial::because(&verdict));
    no(because, mend::trusting(name, SERVICE), Some(verdict))
}

/// The role that a definition names, by its ARN or its bare name, among those of its name that `named` knows.
/// [API TaskDefinition.taskRoleArn]
///
/// Course texts shorten the account of an ARN to its first digits; what is left still means the lab's account. (SIM)
fn find(world: &World, reference: &str, named: fn(&Iam, &str) -> Option<RoleId>) -> Option<RoleId> {
    let Some((_, resource)) = account_and_resource(reference) else { return named(&world.iam, reference) };
    let role = named(&world.iam, resource.rsplit('/').next()?)?;
    let arn = format!("arn:aws:iam::{ACCOUNT}:{resource}");
    (is_of_this_account(reference) && world.iam.roles[role].arn() == arn).then_some(role)
}

fn account_and_resource(reference: &str) -> Option<(&str, &str)> {
    reference.strip_prefix("arn:aws:iam::")?.split_once(':')
}

fn is_of_this_account(reference: &str) -> bool {
    account_and_resource(reference).is_none_or(|(account, _)| !account.is_empty() && ACCOUNT.starts_with(account))
}

/// How the missing role is created, as it can be typed.
fn create(usage: RoleUse, reference: &str) -> String {
    let resource = account_and_resource(reference).map_or(reference, |(_, resource)| resource);
    let resource = resource.strip_prefix("role/").unwrap_or(resource);
    let (path, name) = match resource.rsplit_once('/') {
        Some((path, name)) => (format!("/{path}/"), name),
        None => ("/".to_owned(), resource),
    };
    let create = mend::creation(name, &path, Some(SERVICE));
    match usage {
        RoleUse::Program => create,
        RoleUse::Agent => {
            format!("{create}; iam.attach_role_policy(#{{ RoleName: \"{name}\", PolicyArn: \"{EXECUTION_POLICY}\" }})")
        }
    }
}

/// What ECS does with the execution role before the containers of a task can be created: credentials for the registry,
/// secrets, log streams. On container instances the instance's own role pulls and logs.
pub(super) fn prepare(world: &World, task: TaskId) -> Result<(), StopReason> {
    let definition = world.ecs.tasks[task].definition;
    let on_fargate = world.ecs.tasks[task].launch == LaunchType::Fargate;
    let containers = &world.ecs.definitions[definition].content.container_definitions;
    let agent = match session(world, task, RoleUse::Agent) {
        None => return Ok(()),
        Some(Ok(session)) => Agent { world, task, session },
        // Nobody could become it when the task was started, and nobody can now.
        Some(Err(_)) => {
            let text = world.unassumable_text(definition, RoleUse::Agent);
            return Err(StopReason::CannotInitialize(text.into()));
        }
    };
    for secret in containers.iter().flat_map(|container| &container.secrets) {
        agent.fetch(secret)?;
    }
    if on_fargate {
        let registries = || containers.iter().filter_map(|container| Registry::of(&container.image));
        if registries().next().is_some() {
            agent.log_in()?;
        }
        registries().try_for_each(|registry| agent.pull(&registry))?;
        containers.iter().try_for_each(|container| agent.log(container))?;
    }
    Ok(())
}

/// A private repository that an image comes from.
struct Registry<'a> {
    account: &'a str,
    region: &'a str,
    repository: &'a str,
}

impl<'a> Registry<'a> {
    /// `ACCOUNT.dkr.ecr.REGION.amazonaws.com/REPOSITORY:TAG`, if an image is called that.
    fn of(image: &'a str) -> Option<Registry<'a>> {
        let (host, repository) = image.split_once('/')?;
        let (account, rest) = host.split_once(".dkr.ecr.")?;
        let region = rest.split('.').next()?;
        let repository = repository.split(['@', ':']).next()?;
        Some(Registry { account, region, repository })
    }
}

/// ECS with the execution role of a task.
struct Agent<'a> {
    world: &'a World,
    task: TaskId,
    session: RoleSession,
}

impl Agent<'_> {
    /// AWS's sentence about what the role may not do.
    fn denied(&self, action: &str, resource: &str) -> Option<String> {
        let verdict = authorize::session_may(self.world, &self.session, action, resource, Keys::default());
        (!verdict.is_allowed()).then(|| denial::sentence(&verdict))
    }

    /// The request id that AWS's SDK puts into its errors.
    fn request_id(&self) -> String {
        self.world.uuid(self.task)
    }

    fn log_in(&self) -> Result<(), StopReason> {
        match self.denied("ecr:GetAuthorizationToken", "*") {
            Some(sentence) => Err(self.service_error(
                "unable to retrieve ecr registry auth",
                "",
                "ECR: GetAuthorizationToken",
                &sentence,
            )),
            None => Ok(()),
        }
    }

    /// A repository of another account has a policy of its own, which is not simulated.
    fn pull(&self, registry: &Registry) -> Result<(), StopReason> {
        let Registry { account, region, repository } = registry;
        if !ACCOUNT.starts_with(account) {
            return Ok(());
        }
        let arn = format!("arn:aws:ecr:{region}:{ACCOUNT}:repository/{repository}");
        // [semantics/around.md 2, pull call sequence]
        let denied = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
            .iter()
            .any(|action| self.denied(action, &arn).is_some());
        if denied { Err(StopReason::MayNotPull) } else { Ok(()) }
    }

    /// [semantics/around.md 9]
    fn fetch(&self, secret: &Secret) -> Result<(), StopReason> {
        let from = secret.value_from.as_str();
        if from.starts_with("arn:aws:secretsmanager:") {
            // What follows the seventh part says which part of the secret is meant.
            let arn = from.split(':').take(7).collect::<Vec<_>>().join(":");
            return match self.denied("secretsmanager:GetSecretValue", &arn) {
                Some(sentence) => Err(self.service_error(
                    "unable to retrieve secret from asm",
                    &format!("failed to fetch secret {arn} from secrets manager: "),
                    "Secrets Manager: GetSecretValue",
                    &sentence,
                )),
                None => Ok(()),
            };
        }
        let arn = match from.starts_with("arn:") {
            true => from.to_owned(),
            false => format!("arn:aws:ssm:{REGION}:{ACCOUNT}:parameter/{}", from.trim_start_matches('/')),
        };
        match self.denied("ssm:GetParameters", &arn) {
            Some(sentence) => {
                Err(self.service_error("unable to retrieve secrets from ssm", "", "SSM: GetParameters", &sentence))
            }
            None => Ok(()),
        }
    }

    /// What comes before the pull. [semantics/around.md 2, 9]
    fn service_error(&self, what: &str, more: &str, operation: &str, sentence: &str) -> StopReason {
        let text = format!(
            "unable to pull secrets or registry auth: execution resource retrieval failed: {what}: service call has \
             been retried 1 time(s): {more}operation error {operation}, https response error StatusCode: 400, \
             RequestID: {}, api error AccessDeniedException: {sentence}",
            self.request_id()
        );
        StopReason::CannotInitialize(text.into())
    }

    /// The log stream of a container, and its group if that is asked for. Groups that nobody creates are taken for
    /// there. [semantics/around.md 5.3]
    fn log(&self, container: &ContainerDefinition) -> Result<(), StopReason> {
        let awslogs = |log: &&LogConfiguration| log.log_driver == "awslogs";
        let Some(log) = container.log_configuration.as_ref().filter(awslogs) else { return Ok(()) };
        let option = |name: &str| log.options.get(name).map(String::as_str).unwrap_or_default();
        let (region, group) = (option("awslogs-region"), option("awslogs-group"));
        let arn = format!("arn:aws:logs:{region}:{ACCOUNT}:log-group:{group}");
        let stream =
            format!("{}/{}/{}", option("awslogs-stream-prefix"), container.name, self.world.task_name(self.task));
        let group_wanted = option("awslogs-create-group") == "true";
        let group = group_wanted.then(|| ("logs:CreateLogGroup", arn.clone(), "group"));
        let stream = ("logs:CreateLogStream", format!("{arn}:log-stream:{stream}"), "stream");
        for (action, resource, what) in group.into_iter().chain([stream]) {
            if let Some(sentence) = self.denied(action, &resource) {
                // The sentence about a group is UNSOURCED; it follows the one about a stream.
                let text = format!(
                    "failed to validate logger args: create stream has been retried 1 times: failed to create Cloudwatch \
                     log {what}: AccessDeniedException: {sentence} status code: 400, request id: {} : exit status 1",
                    self.request_id()
                );
                return Err(StopReason::CannotInitialize(text.into()));
            }
        }
        Ok(())
    }
}
