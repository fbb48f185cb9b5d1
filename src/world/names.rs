//! AWS-looking names, derived from (seed, kind, number) when they are shown and read back when they are typed.
//!
//! The first eight hex digits of a task's id are a permutation of its number, so reading an id back needs no index, and
//! no two tasks can share them.

use std::fmt::Write;

use crate::kernel::chance;
use crate::model::id::{ClusterId, DefinitionId, DeploymentId, Id, InstanceId, ServiceId, TaskId};
use crate::world::World;

/// The lab's account.
pub const ACCOUNT: &str = "123456789012";
/// The lab's Region.
pub const REGION: &str = "us-east-1";

/// An EC2-style id: a prefix, a zero and sixteen hex digits, as in `subnet-0a1b…`.
pub fn ec2_id(prefix: &str, seed: u64, kind: &str, number: u64) -> String {
    format!("{prefix}-0{:016x}", chance::roll(seed, kind, prefix, number))
}

/// An ECS-style id of 32 hex digits.
fn hex_id<I: Id>(seed: u64, id: I) -> String {
    let head = chance::shuffle(id.number(), seed, I::KIND);
    let middle = chance::roll(seed, I::KIND, "middle", u64::from(id.number())) as u32;
    let tail = chance::roll(seed, I::KIND, "tail", u64::from(id.number()));
    let mut name = String::with_capacity(32);
    write!(name, "{head:08x}{middle:08x}{tail:016x}").expect("a text takes everything");
    name
}

/// Random bits in the form of a UUID of version 4.
fn uuid(high: u64, low: u64) -> String {
    let (first, second, third) = (high >> 32, (high >> 16) & 0xffff, high & 0xfff);
    let (fourth, fifth) = (0x8000 | (low >> 48) & 0x3fff, low & 0xffff_ffff_ffff);
    format!("{first:08x}-{second:04x}-4{third:03x}-{fourth:04x}-{fifth:012x}")
}

/// Hex digits of an id that are shown: no two ids of a kind share them.
pub const SHORT: usize = 8;

/// What a typed id or prefix of an id stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found<I> {
    /// Exactly one thing.
    One(I),
    /// Nothing.
    Nothing,
    /// Several things begin like this.
    Several(Vec<I>),
}

/// Finds the thing whose [`hex_id`] starts with `prefix`, among `count` things of its kind.
fn find_hex<I: Id>(seed: u64, prefix: &str, count: usize) -> Found<I> {
    if prefix.is_empty() || prefix.len() > 32 || !prefix.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Found::Nothing;
    }
    let prefix = prefix.to_ascii_lowercase();
    if let Some(head) = prefix.get(..8) {
        let head = u32::from_str_radix(head, 16).expect("eight hex digits fit in 32 bits");
        let id = I::new(chance::unshuffle(head, seed, I::KIND));
        let found = id.index() < count && hex_id(seed, id).starts_with(&prefix);
        return if found { Found::One(id) } else { Found::Nothing };
    }
    let low = u32::from_str_radix(&format!("{prefix:0<8}"), 16).expect("eight hex digits fit in 32 bits");
    let high = u32::from_str_radix(&format!("{prefix:f<8}"), 16).expect("eight hex digits fit in 32 bits");
    let found = (0..count as u32).filter(|&number| (low..=high).contains(&chance::shuffle(number, seed, I::KIND)));
    let found: Vec<I> = found.map(I::new).collect();
    match found.as_slice() {
        [] => Found::Nothing,
        [one] => Found::One(*one),
        _ => Found::Several(found),
    }
}

/// Names some of several things whose ids begin alike.
fn several(what: &str, names: impl ExactSizeIterator<Item = String>, reference: &str) -> String {
    const SHOWN: usize = 5;
    let count = names.len();
    let shown: Vec<String> = names.take(SHOWN).map(|name| name[..SHORT].to_owned()).collect();
    let more = if count > SHOWN { ", …" } else { "" };
    format!("{count} {what} begin with `{reference}`: {}{more}", shown.join(", "))
}

/// The last part of an ARN, or the whole text where it is a bare name.
pub fn last_part(reference: &str) -> &str {
    reference.rsplit('/').next().unwrap_or(reference)
}

impl World {
    /// An ARN of this account in this Region.
    pub fn arn(&self, service: &str, resource: &str) -> String {
        format!("arn:aws:{service}:{REGION}:{ACCOUNT}:{resource}")
    }

    /// `arn:…:cluster/NAME`.
    pub fn cluster_arn(&self, id: ClusterId) -> String {
        self.arn("ecs", &format!("cluster/{}", self.ecs.clusters[id].name))
    }

    /// `FAMILY:REVISION`.
    pub fn definition_name(&self, id: DefinitionId) -> String {
        let definition = &self.ecs.definitions[id];
        format!("{}:{}", definition.content.family, definition.revision)
    }

    /// `arn:…:task-definition/FAMILY:REVISION`.
    pub fn definition_arn(&self, id: DefinitionId) -> String {
        self.arn("ecs", &format!("task-definition/{}", self.definition_name(id)))
    }

    /// `arn:…:service/CLUSTER/NAME`.
    pub fn service_arn(&self, id: ServiceId) -> String {
        let service = &self.ecs.services[id];
        let cluster = &self.ecs.clusters[service.cluster].name;
        self.arn("ecs", &format!("service/{cluster}/{}", service.name))
    }

    /// The 32 hex digits of a task.
    pub fn task_name(&self, id: TaskId) -> String {
        hex_id(self.seed, id)
    }

    /// `arn:…:task/CLUSTER/ID`.
    pub fn task_arn(&self, id: TaskId) -> String {
        let cluster = &self.ecs.clusters[self.ecs.tasks[id].cluster].name;
        self.arn("ecs", &format!("task/{cluster}/{}", self.task_name(id)))
    }

    /// `ecs-svc/` and nineteen digits. [digit count: observed]
    pub fn deployment_name(&self, id: DeploymentId) -> String {
        let digits = chance::roll(self.seed, DeploymentId::KIND, "id", u64::from(id.number()));
        format!("ecs-svc/{}", 1_000_000_000_000_000_000 + digits % 9_000_000_000_000_000_000)
    }

    /// The 32 hex digits of a container instance.
    pub fn instance_name(&self, id: InstanceId) -> String {
        hex_id(self.seed, id)
    }

    /// `arn:…:container-instance/CLUSTER/ID`.
    pub fn instance_arn(&self, id: InstanceId) -> String {
        let cluster = &self.ecs.clusters[self.ecs.instances[id].cluster].name;
        self.arn("ecs", &format!("container-instance/{cluster}/{}", self.instance_name(id)))
    }

    /// The EC2 instance behind a container instance, `i-0…`.
    pub fn ec2_instance_id(&self, id: InstanceId) -> String {
        ec2_id("i", self.seed, InstanceId::KIND, u64::from(id.number()))
    }

    /// The network interface of a task, `eni-0…`.
    pub fn interface_id(&self, id: TaskId) -> String {
        ec2_id("eni", self.seed, TaskId::KIND, u64::from(id.number()))
    }

    /// The UUID of a thing. Its first eight digits are a permutation of the thing's number.
    pub fn uuid<I: Id>(&self, id: I) -> String {
        let head = u64::from(chance::shuffle(id.number(), self.seed, I::KIND));
        let half = |why| chance::roll(self.seed, I::KIND, why, u64::from(id.number()));
        let middle = half("uid");
        uuid(head << 32 | (middle & 0xffff) << 16 | (middle >> 16) & 0xfff, half("uid tail"))
    }

    /// The UUID of an event of a service.
    pub fn event_id(&self, service: ServiceId, number: u64) -> String {
        let half = |why| chance::roll(self.seed, service.number(), why, number);
        uuid(half("event high"), half("event low"))
    }

    /// Says which tasks could be meant by the beginning of an id.
    pub fn several_tasks(&self, found: &[TaskId], reference: &str) -> String {
        several("tasks", found.iter().map(|&id| self.task_name(id)), reference)
    }

    /// Says which container instances could be meant by the beginning of an id.
    pub fn several_instances(&self, found: &[InstanceId], reference: &str) -> String {
        several("container instances", found.iter().map(|&id| self.instance_name(id)), reference)
    }

    /// The task meant by an ARN, an id or the beginning of an id.
    pub fn find_task(&self, reference: &str) -> Found<TaskId> {
        find_hex(self.seed, last_part(reference), self.ecs.tasks.len())
    }

    /// The container instance meant by an ARN, an id or the beginning of an id.
    pub fn find_instance(&self, reference: &str) -> Found<InstanceId> {
        find_hex(self.seed, last_part(reference), self.ecs.instances.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_or_its_beginning_leads_back_to_its_number() {
        for number in 0..500 {
            let id = hex_id(42, TaskId::new(number));
            assert_eq!(id.len(), 32);
            assert_eq!(find_hex(42, &id, 500), Found::One(TaskId::new(number)));
            assert_eq!(find_hex(42, &id[..8], 500), Found::One(TaskId::new(number)));
            assert_eq!(find_hex::<TaskId>(42, &id, number as usize), Found::Nothing, "not created yet");
        }
        let Found::Several(found) = find_hex::<TaskId>(42, "1", 500) else { panic!("some of 500 begin with 1") };
        assert!(found.iter().all(|&id| hex_id(42, id).starts_with('1')));
        let text = several("tasks", found.iter().map(|&id| hex_id(42, id)), "1");
        assert!(
            text.starts_with(&format!("{} tasks begin with `1`: 1", found.len())) && text.ends_with(", …"),
            "{text}"
        );
        assert_eq!(find_hex::<TaskId>(42, "web", 500), Found::Nothing);
        assert_eq!(find_hex::<TaskId>(42, "", 500), Found::Nothing);
    }
}
