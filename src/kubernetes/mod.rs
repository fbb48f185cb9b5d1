//! Floor 3: how the objects of a cluster move: what admission makes of a pod, which node takes it, and what the kubelet
//! does there.

pub mod admission;
pub mod kubelet;
pub mod namespaces;
pub mod scheduler;
pub mod token;
pub mod webhook;
