//! Grading processes: started, given lines, timed, and ended when they take too long.
//!
//! A process is this same program with a hidden argument. Its input and output are pipes that nobody else writes to;
//! what it would say on standard error goes nowhere. It ends when its input does, so none outlives a parent that is
//! killed.

use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use crate::grade::class::{Crew, Lost, Worker};

/// The argument that makes this program a grading process.
pub const WORKER: &str = "grade-worker";

/// Starts grading processes.
#[derive(Clone, Debug)]
pub struct Processes {
    /// The program.
    pub program: PathBuf,
    /// Its arguments.
    pub arguments: Vec<String>,
    /// How long one answer may take.
    pub deadline: Duration,
}

impl Processes {
    /// This program as its own grading process. The deadline is well above the processor time that a submission may
    /// take, for a busy machine is not the learner's fault.
    ///
    /// # Errors
    /// A sentence, if the program cannot be found.
    pub fn of_this_program(seconds: u64) -> Result<Processes, String> {
        let program = std::env::current_exe().map_err(|error| format!("cannot find this program: {error}"))?;
        let deadline = Duration::from_secs(seconds.saturating_mul(3).saturating_add(10));
        Ok(Processes { program, arguments: vec![WORKER.to_owned()], deadline })
    }
}

impl Crew for Processes {
    fn hire(&self) -> Result<Box<dyn Worker>, String> {
        let mut command = Command::new(&self.program);
        command.args(&self.arguments).env_clear();
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let failed = |error: std::io::Error| format!("cannot start a grading process: {error}");
        let mut child = command.spawn().map_err(failed)?;
        let input = child.stdin.take();
        let output = child.stdout.take().expect("it was asked for");
        let (sender, answers) = channel();
        std::thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    break;
                }
            }
        });
        Ok(Box::new(Process { child, input, answers, deadline: self.deadline }))
    }
}

struct Process {
    child: Child,
    input: Option<ChildStdin>,
    answers: Receiver<String>,
    deadline: Duration,
}

impl Worker for Process {
    fn ask(&mut self, line: &str) -> Result<String, Lost> {
        let sent = self.input.as_mut().map(|input| input.write_all(line.as_bytes()).and_then(|()| input.flush()));
        if !matches!(sent, Some(Ok(()))) {
            return Err(self.end());
        }
        match self.answers.recv_timeout(self.deadline) {
            Ok(answer) => Ok(answer),
            Err(RecvTimeoutError::Timeout) => {
                self.end();
                Err(Lost::TimedOut)
            }
            Err(RecvTimeoutError::Disconnected) => Err(self.end()),
        }
    }
}

impl Process {
    /// Ends the process, and says how it was lost if it had ended by itself.
    fn end(&mut self) -> Lost {
        // Without its input it would end by itself, once it has finished what it does.
        self.input = None;
        // Both fail only for a process that has ended already.
        let _ = self.child.kill();
        match self.child.wait() {
            Ok(status) if ran_out_of_time(status) => Lost::TimedOut,
            _ => Lost::Crashed,
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.end();
    }
}

/// Whether the operating system ended it for the processor time that it took.
#[cfg(unix)]
fn ran_out_of_time(status: ExitStatus) -> bool {
    use std::os::unix::process::ExitStatusExt;
    status.signal() == Some(rustix::process::Signal::XCPU.as_raw())
}

#[cfg(not(unix))]
fn ran_out_of_time(_: ExitStatus) -> bool {
    false
}
