//! One container of a task definition by itself.

use super::ports;
use crate::api::refusal::Refusal;
use crate::model::status::LaunchType;
use crate::model::task_definition::{ContainerDefinition, HealthCheck, LogConfiguration};
use crate::world::ecs::DefinitionContent;

/// What Docker needs for a container. [API ContainerDefinition.memory]
const LEAST_MEMORY: u32 = 6;

/// Checks the container at this position of the list.
pub(super) fn check(content: &DefinitionContent, index: usize, launch: LaunchType) -> Result<(), Refusal> {
    let container = &content.container_definitions[index];
    let name = &container.name;
    let role = content.execution_role_arn.as_deref();
    let at =
        |member: &'static str| move |refusal: Refusal| refusal.at(["containerDefinitions", &index.to_string(), member]);
    check_image(&container.image).map_err(at("image"))?;
    check_memory(container, content.memory).map_err(at("memory"))?;
    check_timeout(name, "start", container.start_timeout, launch).map_err(at("startTimeout"))?;
    check_timeout(name, "stop", container.stop_timeout, launch).map_err(at("stopTimeout"))?;
    for (position, mapping) in container.port_mappings.iter().enumerate() {
        ports::check(mapping, content.network_mode, name).map_err(|refusal| {
            refusal.at(["containerDefinitions", &index.to_string(), "portMappings", &position.to_string()])
        })?;
    }
    if let Some(check) = &container.health_check {
        check_health(name, check).map_err(at("healthCheck"))?;
    }
    if let Some(log) = &container.log_configuration {
        check_log(log, role, launch).map_err(at("logConfiguration"))?;
    }
    check_secrets(container, role).map_err(at("secrets"))?;
    match launch {
        LaunchType::Fargate => {
            check_ecr(&container.image, role).map_err(at("image"))?;
            check_privileged(container).map_err(at("privileged"))
        }
        LaunchType::Ec2 => Ok(()),
    }
}

/// [API ContainerDefinition.image; texts OBS, except for the length: UNSOURCED]
fn check_image(image: &str) -> Result<(), Refusal> {
    let legal = |c: char| c.is_ascii_alphanumeric() || "-_:./#@".contains(c);
    let counted = image.split("@sha256:").next().unwrap_or(image);
    if image.is_empty() {
        return Err(Refusal::client("Container.image should not be null or empty.")
            .because("it is empty or not given")
            .way_out("add image: \"nginx:1.27\""));
    }
    if counted.chars().count() > 255 {
        return Err(Refusal::client("Container.image should not be longer than 255 characters.")
            .because(format!("it has {} characters, without the digest", counted.chars().count()))
            .way_out("shorten the repository's name or the tag"));
    }
    if !image.chars().all(legal) {
        return Err(Refusal::client("Container.image contains invalid characters")
            .because(format!("\"{image}\" has other characters than letters, digits and - _ : . / # @"))
            .way_out("look for blanks and for variables that were not replaced"));
    }
    Ok(())
}

fn check_memory(container: &ContainerDefinition, task: Option<u32>) -> Result<(), Refusal> {
    let (name, limit, soft) = (&container.name, container.memory, container.memory_reservation);
    let setting = |rule: &str| Refusal::client(format!("Invalid setting for container '{name}'. {rule}"));
    if task.is_none() && limit.unwrap_or(0) == 0 && soft.unwrap_or(0) == 0 {
        return Err(setting("At least one of 'memory' or 'memoryReservation' must be specified.")
            .because("neither the container nor the task says how much memory it needs")
            .way_out("add memory: 256 (MiB) to the container, or memory: \"512\" to the task"));
    }
    // AWS's page says "greater than", a correction from AWS and an emulator "or equal". [EMU]
    if let (Some(limit), Some(soft)) = (limit, soft)
        && limit < soft
    {
        return Err(setting("'memory' must be greater than or equal to 'memoryReservation'.")
            .because(format!("memory, the limit, is {limit}; memoryReservation is {soft}"))
            .way_out(format!("write memory: {soft} or more, or leave one of the two away")));
    }
    if let Some((member, mib)) = [("memory", limit), ("memoryReservation", soft)]
        .into_iter()
        .find_map(|(member, mib)| mib.filter(|&mib| mib < LEAST_MEMORY).map(|mib| (member, mib)))
    {
        // The text is UNSOURCED.
        return Err(setting(&format!("'{member}' must be at least {LEAST_MEMORY} MiB."))
            .because(format!("it is {mib}, and Docker itself needs {LEAST_MEMORY} MiB for a container"))
            .way_out(format!("write {member}: {LEAST_MEMORY} or more; it is a number of MiB")));
    }
    match (limit, task) {
        // [OBS]
        (Some(limit), Some(task)) if limit > task => {
            Err(Refusal::client(format!("The 'memory' setting for container '{name}' is greater than for the task."))
                .because(format!("the container may use {limit} MiB, the whole task {task}"))
                .way_out("lower the container's memory, or raise the task's"))
        }
        _ => Ok(()),
    }
}

/// [API ContainerDefinition.startTimeout and stopTimeout; texts EMU]
fn check_timeout(name: &str, which: &str, seconds: Option<u32>, launch: LaunchType) -> Result<(), Refusal> {
    match seconds {
        Some(seconds @ 0..2) => {
            Err(Refusal::client(format!("Granular {which} timeout on container '{name}' must be at least 2 seconds."))
                .because(format!("it is {seconds}"))
                .way_out(format!("write {which}Timeout: 2 or more, or leave it away")))
        }
        Some(seconds @ 121..) if launch == LaunchType::Fargate => Err(Refusal::client(format!(
            "Tasks using the Fargate launch type must have a container {which} timeout of less than 120 seconds."
        ))
        .because(format!("it is {seconds}; 120 is the most"))
        .way_out(format!("write {which}Timeout: 120"))),
        _ => Ok(()),
    }
}

/// [API HealthCheck; texts UNSOURCED]
fn check_health(name: &str, check: &HealthCheck) -> Result<(), Refusal> {
    let setting = |rule: String| Refusal::client(format!("Invalid setting for container '{name}'. {rule}"));
    let kind = check.command.first().map(String::as_str);
    if !matches!(kind, Some("CMD" | "CMD-SHELL")) || check.command.len() < 2 {
        return Err(setting("Health check 'command' must start with CMD or CMD-SHELL.".to_owned())
            .because(format!("it is {:?}", check.command))
            .way_out("write command: [\"CMD-SHELL\", \"curl -f http://localhost/ || exit 1\"]"));
    }
    for (member, value, range) in [
        ("interval", check.interval, 5..=300),
        ("timeout", check.timeout, 2..=60),
        ("retries", check.retries, 1..=10),
        ("startPeriod", check.start_period.unwrap_or(0), 0..=300),
    ] {
        if !range.contains(&value) {
            let (least, most) = range.into_inner();
            return Err(setting(format!("Health check '{member}' must be between {least} and {most}."))
                .because(format!("it is {value}"))
                .way_out(format!("write {member}: {}", value.clamp(least, most))));
        }
    }
    Ok(())
}

/// [API LogConfiguration]
fn check_log(log: &LogConfiguration, role: Option<&str>, launch: LaunchType) -> Result<(), Refusal> {
    let drivers: &[&str] = match launch {
        LaunchType::Fargate => &["awslogs", "splunk", "awsfirelens"],
        LaunchType::Ec2 => &["awslogs", "fluentd", "gelf", "json-file", "journald", "syslog", "splunk", "awsfirelens"],
    };
    let driver = log.log_driver.as_str();
    if !drivers.contains(&driver) {
        let known = drivers.join(",");
        return Err(Refusal::client(format!("{driver} is not a valid log driver. Must be one of [{known}]"))
            .because(match launch {
                LaunchType::Fargate => "requiresCompatibilities contains FARGATE, which knows these drivers only",
                LaunchType::Ec2 => "the agent on container instances knows these drivers only",
            })
            .way_out("write logDriver: \"awslogs\""));
    }
    if driver == "awslogs" { check_awslogs(log, role, launch) } else { Ok(()) }
}

/// [texts EMU; awslogs-stream-prefix: API LogConfiguration]
fn check_awslogs(log: &LogConfiguration, role: Option<&str>, launch: LaunchType) -> Result<(), Refusal> {
    let absent = |option: &&str| log.options.get(*option).is_none_or(String::is_empty);
    let missing: Vec<&str> = ["awslogs-region", "awslogs-group"].into_iter().filter(absent).collect();
    if !missing.is_empty() {
        return Err(Refusal::client(format!("Log driver awslogs requires options: {}", missing.join(", ")))
            .because("the driver must know the log group and its Region")
            .way_out("options: #{ \"awslogs-group\": \"/ecs/web\", \"awslogs-region\": \"us-east-1\" }"));
    }
    if launch == LaunchType::Ec2 {
        return Ok(());
    }
    if role.is_none() {
        return Err(Refusal::client(
            "Fargate requires task definition to have execution role ARN to support log driver awslogs.",
        )
        .because("on Fargate the execution role writes the logs, not an instance's role")
        .way_out("add executionRoleArn: \"arn:aws:iam::123456789012:role/ecsTaskExecutionRole\""));
    }
    if absent(&"awslogs-stream-prefix") {
        return Err(Refusal::client(
            "Fargate requires log configuration options to include awslogs-stream-prefix to support log driver awslogs.",
        )
        .because("streams are called PREFIX/CONTAINER/TASK on Fargate")
        .way_out("add \"awslogs-stream-prefix\": \"web\" to the options"));
    }
    Ok(())
}

/// [OBS]
fn check_secrets(container: &ContainerDefinition, role: Option<&str>) -> Result<(), Refusal> {
    if container.secrets.is_empty() || role.is_some() {
        return Ok(());
    }
    Err(Refusal::client(
        "When you are specifying container secrets, you must also specify a value for 'executionRoleArn'.",
    )
    .because("the execution role fetches the secrets before the container starts")
    .way_out("add executionRoleArn: \"arn:aws:iam::123456789012:role/ecsTaskExecutionRole\""))
}

/// [OBS]
fn check_ecr(image: &str, role: Option<&str>) -> Result<(), Refusal> {
    if role.is_some() || !image.contains(".dkr.ecr.") {
        return Ok(());
    }
    Err(Refusal::client("Fargate requires task definition to have execution role ARN to support ECR images.")
        .because("on Fargate the execution role pulls from private repositories, not an instance's role")
        .way_out("add executionRoleArn: \"arn:aws:iam::123456789012:role/ecsTaskExecutionRole\""))
}

/// [API ContainerDefinition.privileged; text EMU]
fn check_privileged(container: &ContainerDefinition) -> Result<(), Refusal> {
    if container.privileged != Some(true) {
        return Ok(());
    }
    Err(Refusal::client("Fargate requires that the 'privileged' setting be 'false'")
        .because("on Fargate no container gets the rights of its host")
        .way_out("leave privileged away, or run the task on EC2"))
}
