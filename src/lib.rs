//! longshore: a laboratory for container orchestration.
//!
//! Amazon ECS, Fargate and EKS, with the load balancing and the identities that they rest on, simulated faithfully in
//! one process, driven by a Rhai prompt, taught by lesson scripts and graded automatically. There is no cloud account
//! behind it, no Docker and no network, and time is virtual: nothing moves until somebody waits.
//!
//! This page is the map of the house. Read the modules in the order below and you have read it from the ground up.
//!
//! # Floors
//!
//! A file uses its own floor and those below, never one above; `tests/tidy.rs` reads the `use` lines and holds us to
//! it.
//!
//! | floor | modules | what is there |
//! |---|---|---|
//! | 9 | [`cli`], [`repl`] | arguments, keys, screen, colours: the only place that prints |
//! | 8 | [`view`] | answers laid out as text: pure functions |
//! | 7 | [`course`], [`grade`] | lessons, exercises, hints; graded in a fresh sandbox |
//! | 6 | [`script`] | the Rhai engine, bound to the table of operations |
//! | 5 | [`session`] | the journal of inputs: undo, redo, fork, save, load, `why` |
//! | 4 | [`api`] | one operation a file, and the table of them |
//! | 3 | [`simulate`], [`aws`], [`kubernetes`], [`workload`] | how things move |
//! | 2 | [`world`] | the state, its legal transitions, its invariants |
//! | 1 | [`kernel`] | timers, chance, arenas, agenda, token buckets: knows no AWS |
//! | 0 | [`model`] | the nouns |
//!
//! # The way of a line
//!
//! It goes down once and comes up once. `repl` reads it; `script` evaluates it; each call in it becomes a plain map
//! that [`session::Session::call`] hands to the operation's row of the table; the operation parses it into its typed
//! request, resolves names to ids, and refuses or changes the world through [`world::transition`]; changes put things
//! on the agenda and record facts; [`simulate::settle`] runs whatever is due *now*; the response rises as a plain
//! map; `view` lays it out with the new facts beneath; `repl` prints it.
//!
//! # What always holds
//!
//! - **Time moves only by an input.** `wait` moves it, nothing else does. A transcript is a test.
//! - **Reading changes nothing, by type.** A query gets `&World`, a change gets `&mut World`.
//! - **A refused change has changed nothing.** The storms of `tests/weather.rs` compare digests.
//! - **The journal of inputs is the truth.** Facts are output; the simulation never reads them. Undo is replay.
//! - **One writer per truth.** A status changes in [`world::transition`] only, along a table of legal edges.
//! - **Ids inside, strings at the edge.** ARNs are derived where they are shown and read back where they are typed.
//! - **Decide, then act.** [`aws::ecs::scheduler::plan`] reads the world and says what it would do; applying it is
//!   apart.
//! - **Same seed and same inputs: the same bytes.** No wall clock, no unordered map, no thread below the session floor.
//! - **A limit on everything.** Reaching one is a clear sentence; nobody ever sees a panic.
//!
//! # The worlds, and where they meet
//!
//! | world | what it holds | how it moves | its operations |
//! |---|---|---|---|
//! | ECS and Fargate | [`world::ecs`] | [`aws::ecs`] | `api/ecs/` |
//! | network and EC2 | [`world::network`], [`world::launch_template`] | nothing of it moves by itself | `api/ec2/` |
//! | load balancing | [`world::elb`] | [`aws::elb`] | `api/elbv2/` |
//! | IAM and STS | [`world::iam`] | [`aws::iam`] | `api/iam/`, `api/sts/` |
//! | EKS | [`world::eks`] | [`aws::eks`] | `api/eks/` |
//! | Kubernetes | [`world::kubernetes`] | [`kubernetes`] | `api/k8s/` |
//!
//! - *ECS and load balancing:* [`aws::ecs::target_groups`] registers tasks and lets them drain; [`aws::ecs::verdict`]
//!   makes one judgement of a task out of its containers' checks and its targets'. Both kinds of checks are counted by
//!   [`aws::probing`].
//! - *ECS and IAM:* [`aws::ecs::roles`] asks before a task starts whether its roles exist and trust ECS.
//! - *EKS and IAM:* `api/eks/` asks it of the roles of clusters and nodes.
//! - *Kubernetes and IAM:* `kubernetes/webhook.rs` gives a new pod its token; [`aws::iam::authorize`] judges whoever
//!   comes with one.
//! - *The program in a container:* `task.call` and `pod.call` look for credentials in `api/program/credentials.rs`, in
//!   the order of the SDKs.
//!
//! # Where to look
//!
//! - *Why does my service start tasks only 15 seconds later?* [`world::tuning`] has the delays with their sources.
//! - *How many tasks may a rolling update stop at once?* [`aws::ecs::rolling_update`].
//! - *What happens between RUNNING and STOPPED?* [`aws::ecs::lifecycle`].
//! - *What does `dependsOn` make a container wait for?* [`aws::ecs::dependencies`].
//! - *Which instance does a task go to?* [`aws::ecs::placement`]; *which capacity provider?*
//!   [`aws::ecs::capacity_split`]; *what does it cost?* [`aws::ecs::bill`], by [`world::prices`].
//! - *When is a task UNHEALTHY?* [`aws::ecs::health`]; *a target?* [`aws::elb::health`]; *which settings would do?*
//!   [`aws::ecs::advice`].
//! - *Who gives a deployment up, and who slows launches down?* `aws/ecs/circuit_breaker.rs`,
//!   `aws/ecs/launch_throttle.rs`, and the quotas of `aws/ecs/launch_rates.rs`.
//! - *When is everything at rest, so that `settle()` ends?* `world/rest.rs`.
//! - *Who is in a target group?* [`aws::elb::membership`]; *who gets requests?*
//!   [`world::elb::TargetGroup::fails_open`].
//! - *Is this request allowed?* [`aws::iam::evaluate`] decides, [`aws::iam::denial`] tells why not, `aws/iam/mend.rs`
//!   what would turn it into a yes.
//! - *What does a token of a service account say?* `kubernetes/token.rs`.
//! - *How long do a task and a node keep credentials of a role that trusts them no longer?* [`aws::iam::issued`].
//! - *What does this operation accept and refuse?* The folder of its world, by its name.
//! - *What does a name mean that somebody types?* [`api::named`]; *what is offered?* [`api::known`]; *what was meant by
//!   one that nothing has?* [`model::meant`].
//! - *Why does this not go on, and what would help?* [`api::stalled`].
//! - *Which node does a pod go to?* [`kubernetes::scheduler`]; *what does a node leave for pods?*
//!   [`model::instance_type`].
//! - *What becomes of a manifest?* `api/k8s/` reads and checks it, `kubernetes/admission.rs` completes it,
//!   `kubernetes/kubelet.rs` runs it.
//! - *What does an image do when it runs?* [`model::profile`], and [`workload`] for those that nobody has defined.
//! - *What happened, and in what order?* [`session::why`], [`session::timeline`], [`session::compare`].
//! - *How is a class graded?* [`grade::class`] divides it among workers, [`grade::export`] writes what came of it, and
//!   [`grade::lint`] holds the course itself to its rules.
//!
//! # Adding things
//!
//! The README says it in full: an operation is a file and two lines of its folder's `mod.rs`; a lesson is a folder; a
//! fault is an operation of the handle `fault`.

pub mod model;

pub mod kernel;

pub mod world;

pub mod aws;
pub mod kubernetes;
pub mod simulate;
pub mod workload;

pub mod api;

pub mod session;

pub mod script;

pub mod course;
pub mod grade;

pub mod view;

pub mod cli;
pub mod repl;
