//! The prompt as somebody sits in front of it: a real pseudo-terminal, keys in, screen out.
//!
//! Prompts are numbered, so that waiting for the next one is never ambiguous, and nothing ever sleeps for luck.

use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

/// Where one test keeps its home, removed at its end.
struct Home(PathBuf);

impl Home {
    fn new(name: &str) -> Home {
        let path = std::env::temp_dir().join(format!("longshore-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Home(path)
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A terminal with longshore in it.
struct Terminal {
    screen: vt100::Parser,
    bytes: Receiver<Vec<u8>>,
    keys: Box<dyn Write + Send>,
    child: Box<dyn Child + Send + Sync>,
    _master: Box<dyn MasterPty + Send>,
}

impl Terminal {
    fn open(home: &Path, columns: u16, environment: &[(&str, &str)]) -> Terminal {
        Terminal::with_arguments(home, columns, environment, &[])
    }

    fn with_arguments(home: &Path, columns: u16, environment: &[(&str, &str)], arguments: &[&str]) -> Terminal {
        let rows = 40;
        let size = PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).unwrap();
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_longshore"));
        command.args(arguments);
        command.env_clear();
        command.env("TERM", "xterm-256color");
        command.env("HOME", home);
        for (name, value) in environment {
            command.env(name, value);
        }
        let child = pair.slave.spawn_command(command).unwrap();
        let mut reader = pair.master.try_clone_reader().unwrap();
        let (sender, bytes) = channel();
        std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(read @ 1..) = reader.read(&mut buffer) {
                if sender.send(buffer[..read].to_vec()).is_err() {
                    break;
                }
            }
        });
        let screen = vt100::Parser::new(NonZeroU16::new(rows).unwrap(), NonZeroU16::new(columns).unwrap(), 0);
        let keys = pair.master.take_writer().unwrap();
        let mut terminal = Terminal { screen, bytes, keys, child, _master: pair.master };
        terminal.wait_for(|screen| screen.ends_with("longshore[1]>"));
        terminal
    }

    fn text(&self) -> String {
        self.screen.screen().contents().trim_end().to_owned()
    }

    #[track_caller]
    fn wait_for(&mut self, holds: impl Fn(&str) -> bool) -> String {
        let deadline = Instant::now() + Duration::from_secs(20);
        while !holds(&self.text()) {
            let left = deadline.saturating_duration_since(Instant::now());
            match self.bytes.recv_timeout(left) {
                Ok(bytes) => self.screen.process(&bytes),
                Err(_) => panic!("it never came; the screen is\n{}", self.text()),
            }
        }
        self.text()
    }

    fn press(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).unwrap();
        self.keys.flush().unwrap();
    }

    /// Types a line and gives what stands between it and the prompt with the next number.
    #[track_caller]
    fn line(&mut self, number: u32, text: &str) -> String {
        self.press(&format!("{text}\r"));
        self.shown(number)
    }

    /// What stands between the prompt with this number and the next one.
    #[track_caller]
    fn shown(&mut self, number: u32) -> String {
        let (prompt, next) = (format!("[{number}]>"), format!("[{}]>", number + 1));
        let screen = self.wait_for(|screen| screen.ends_with(&next));
        let shown = screen.rsplit_once(&prompt).expect("its prompt is on the screen").1;
        let shown = shown.rsplit_once('\n').map_or("", |(shown, _)| shown);
        shown.split_once('\n').map_or("", |(_, shown)| shown).trim_end().to_owned()
    }

    /// Waits for the end, and gives the exit code.
    fn end(mut self) -> u32 {
        while let Ok(bytes) = self.bytes.recv() {
            self.screen.process(&bytes);
        }
        self.child.wait().unwrap().exit_code()
    }
}

const CTRL_C: &str = "\x03";
const CTRL_D: &str = "\x04";
const UP: &str = "\x1b[A";
const RIGHT: &str = "\x1b[C";

#[test]
fn a_line_shows_its_result() {
    let home = Home::new("line");
    let mut terminal = Terminal::open(&home.0, 80, &[]);
    assert!(terminal.text().starts_with("longshore 0.1.0  :help"));
    assert_eq!(terminal.line(1, "1 + 2"), "3");
    assert_eq!(terminal.line(2, "let x = 4;"), "");
    assert_eq!(terminal.line(3, "#{ a: x, list: [1, 2] }"), "a:    4\nlist: [1, 2]");
    assert_eq!(terminal.line(4, "wait(\"90s\")"), "  09:01:30  now, 1m 30s later");
    let trouble = terminal.line(5, "ecs.create_cluster(#{ clusterNme: 1 })");
    assert!(trouble.starts_with("error: An error occurred (ParamValidationError)"), "{trouble}");
    assert!(trouble.contains("\n1 | ecs.create_cluster(#{ clusterNme: 1 })\n  |                       ^^^^^^^^^^\n"));
    assert!(trouble.ends_with("way out: did you mean `clusterName`?"), "{trouble}");
    terminal.press(CTRL_D);
    assert_eq!(terminal.end(), 0);
}

#[test]
fn unfinished_lines_go_on_and_an_empty_line_ends_them() {
    let home = Home::new("lines");
    let mut terminal = Terminal::open(&home.0, 80, &[]);
    terminal.press("fn twice(x) {\rx * 2\r}\r");
    terminal.shown(1);
    assert_eq!(terminal.line(2, "twice(21)"), "42");
    terminal.press("twice(\r\r");
    assert!(terminal.shown(3).contains("error: "));
    // Several lines that are pasted are one text.
    terminal.press("\x1b[200~let a = 20;\nlet b = 22;\n\na + b\x1b[201~\r");
    assert!(terminal.shown(4).ends_with("\n42"));
}

#[test]
fn what_is_typed_ahead_waits_its_turn() {
    let home = Home::new("ahead");
    let mut terminal = Terminal::open(&home.0, 80, &[]);
    terminal.press("print(\"b\" + 1)\rprint(\"b\" + 2)\rprint(\"b\" + 3)\r1 + 1\r");
    let screen = terminal.wait_for(|screen| screen.ends_with("longshore[5]>"));
    assert!(["\nb1\n", "\nb2\n", "\nb3\n", "\n2\n"].iter().all(|shown| screen.contains(shown)), "{screen}");
    // While something runs, too.
    terminal.press("print(\"run\" + \"ning\"); let n = 0; while n < 300000 { n += 1 }\r");
    terminal.wait_for(|screen| screen.contains("running"));
    for line in ["let typed = n;", "typed += 1;", "typed += 1;", "typed"] {
        terminal.press(&format!("{line}\r"));
    }
    assert!(terminal.shown(9).ends_with("\n300002") || terminal.shown(9) == "300002", "{}", terminal.text());
    // A long paste to a terminal that does not say that it is one.
    let lines: String = (0..500).map(|_| "typed += 1;\r").collect();
    terminal.press(&lines);
    terminal.wait_for(|screen| screen.ends_with("longshore[510]>"));
    assert_eq!(terminal.line(510, "typed"), "300502");
    // A question gets the answer that stands behind the line that asks it.
    terminal.press("predict(\"Which?\", [\"one\", \"two\"])\rb\rprint(\"af\" + \"ter\")\r");
    let shown = terminal.wait_for(|screen| screen.ends_with("longshore[513]>"));
    assert!(shown.contains("just see): b\n") && shown.contains("\nafter\n"), "{shown}");
}

#[test]
fn a_paste_is_taken_text_by_text() {
    let home = Home::new("paste");
    let mut terminal = Terminal::open(&home.0, 80, &[]);
    terminal.press("\x1b[200~:fork a\nwait(\"1m\")\n:undo\n1 + 1\x1b[201~\r");
    let shown = terminal.wait_for(|screen| screen.ends_with("longshore/a[5]>"));
    assert!(shown.contains("you are in `a`, a copy") && shown.contains("\n  09:01:00  now, 1m later\n"), "{shown}");
    assert!(shown.contains("\ntook back: wait(\"1m\")\n") && shown.contains("\n2\n"), "{shown}");
    terminal.press("\x1b[200~longshore[1]> let a = 1\nlongshore[2]> a + 40\n41\nlongshore[3]> a + 5\x1b[201~\r");
    let shown = terminal.wait_for(|screen| screen.ends_with("longshore/a[8]>"));
    assert!(shown.contains("note: 1 line beneath a prompt left out") && shown.contains("\n41\n6\n"), "{shown}");
    // Ctrl-C ends all of it.
    terminal.press("\x1b[200~print(\"run\" + \"ning\"); loop {}\n:fork b\n:fork c\x1b[201~\r");
    terminal.wait_for(|screen| screen.contains("running"));
    terminal.press(CTRL_C);
    terminal.wait_for(|screen| screen.ends_with("longshore/a[9]>"));
}

#[test]
fn ctrl_c_stops_what_runs_and_the_lab_stays() {
    let home = Home::new("interrupt");
    let mut terminal = Terminal::open(&home.0, 80, &[]);
    terminal.line(1, "ecs.create_cluster(#{ clusterName: \"prod\" });");
    for (number, script) in [(2, "loop {}"), (3, "loop { wait(\"1s\"); }"), (4, "wait_until(|| { loop {} }, \"9h\")")] {
        // The text that is waited for is not the one that is typed.
        terminal.press(&format!("print(\"run\" + \"ning {number}\"); {script}\r"));
        terminal.wait_for(|screen| screen.contains(&format!("running {number}")));
        terminal.press(CTRL_C);
        let shown = terminal.shown(number);
        assert!(shown.contains("you interrupted it"), "{shown}");
    }
    assert_eq!(terminal.line(5, "ecs.list_clusters().clusterArns.len()"), "1");
    terminal.press("this is dropped");
    terminal.wait_for(|screen| screen.ends_with("dropped"));
    terminal.press(CTRL_C);
    terminal.wait_for(|screen| screen.ends_with("longshore[6]>"));
    assert_eq!(terminal.line(6, "6"), "6");
    // The lab that is loaded can be interrupted, too.
    let file = home.0.join("a.lab");
    terminal.line(7, &format!(":save {}", file.display()));
    terminal.line(8, &format!(":load {}", file.display()));
    terminal.press("print(\"run\" + \"ning 9\"); loop { wait(\"1s\"); }\r");
    terminal.wait_for(|screen| screen.contains("running 9"));
    terminal.press(CTRL_C);
    assert!(terminal.shown(9).contains("you interrupted it"));
}

#[test]
fn lines_are_undone_and_done_again() {
    let home = Home::new("undo");
    let mut terminal = Terminal::open(&home.0, 80, &[]);
    terminal.line(1, "let name = \"a\"; wait(\"1h\");");
    terminal.line(2, "name = \"b\"; ecs.create_cluster(#{ clusterName: name });");
    let undone = terminal.line(3, ":undo");
    assert_eq!(undone, "took back: name = \"b\"; ecs.create_cluster(#{ clusterName: name });\n  10:00:00");
    assert_eq!(terminal.line(4, "name + ecs.list_clusters().clusterArns.len()"), "a0");
    terminal.line(5, ":redo");
    assert_eq!(terminal.line(6, "name + ecs.list_clusters().clusterArns.len()"), "b1");
}

#[test]
fn history_outlives_the_session() {
    let home = Home::new("history");
    let state = home.0.join("state");
    let environment = [("XDG_STATE_HOME", state.to_str().unwrap())];
    let mut terminal = Terminal::open(&home.0, 80, &environment);
    assert_eq!(terminal.line(1, "6 * 7"), "42");
    terminal.press("exit\r");
    assert_eq!(terminal.end(), 0);
    assert!(state.join("longshore/history").exists());
    let mut terminal = Terminal::open(&home.0, 80, &environment);
    terminal.press(UP);
    terminal.press(UP);
    terminal.wait_for(|screen| screen.ends_with("6 * 7"));
    terminal.press("\r");
    assert_eq!(terminal.shown(1), "42");
}

#[test]
fn history_that_cannot_be_kept_is_said_once() {
    let home = Home::new("no-history");
    let mut terminal = Terminal::open(&home.0, 80, &[("XDG_STATE_HOME", "/dev/null/state")]);
    assert!(terminal.text().contains("note: earlier lines are not kept: /dev/null/state/longshore: "));
    assert_eq!(terminal.line(1, "1"), "1");
}

#[test]
fn tab_completes() {
    let home = Home::new("tab");
    let mut terminal = Terminal::open(&home.0, 80, &[]);
    terminal.press("ecs.create_c\t");
    terminal.wait_for(|screen| screen.contains("create_cluster("));
    terminal.press("#{ clusterN\t");
    terminal.wait_for(|screen| screen.contains("clusterName:"));
    terminal.press("\"tab\" }).cluster.status\r");
    assert_eq!(terminal.shown(1), "ACTIVE");
}

#[test]
fn tab_offers_what_the_lab_has() {
    let home = Home::new("names");
    let mut terminal = Terminal::open(&home.0, 80, &[]);
    terminal.line(1, "for name in [\"prod\", \"preview\"] { ecs.create_cluster(#{ clusterName: name }); }");
    terminal.press("ecs.describe_clusters(#{ clusters: [\"p\t");
    terminal.wait_for(|screen| {
        ["preview", "prod   "].iter().all(|name| screen.contains(&format!("\n{name}  0 services, 0 tasks running")))
    });
    terminal.press("o\t");
    terminal.wait_for(|screen| screen.contains("clusters: [\"prod\""));
    terminal.press("] }).clusters[0].status\r");
    assert!(terminal.shown(2).ends_with("ACTIVE"));
    terminal.press("why(\"\t");
    terminal.press("none\")\r");
    // Both clusters can be asked about, and what both begin with is written.
    assert!(terminal.shown(3).contains("the lab has nothing called `prnone`"));
}

#[test]
fn a_ghost_shows_what_is_to_come() {
    let home = Home::new("ghost");
    let mut terminal = Terminal::open(&home.0, 80, &[]);
    terminal.press("ecs.create_ser");
    terminal.wait_for(|screen| screen.ends_with("ecs.create_service(#{"));
    terminal.press(RIGHT);
    terminal.wait_for(|screen| screen.ends_with("ecs.create_service(#{ serviceName: …, taskDefinition: …"));
    terminal.press("serviceName: \"a\"");
    terminal.wait_for(|screen| screen.ends_with("serviceName: \"a\", taskDefinition: …"));
    terminal.press(", taskDefinition: \"b\"");
    terminal.wait_for(|screen| screen.ends_with("taskDefinition: \"b\" })"));
    terminal.press(RIGHT);
    terminal.press("\r");
    assert!(terminal.shown(1).contains("ClusterNotFoundException"));
}

#[test]
fn no_color_means_none() {
    let home = Home::new("colour");
    let painted = |environment: &[(&str, &str)]| {
        let mut terminal = Terminal::open(&home.0, 80, environment);
        terminal.line(1, "#{ a: \"RUNNING\" }");
        let screen = terminal.screen.screen();
        let cells = (0..40).flat_map(|row| (0..80).map(move |column| (row, column)));
        cells.filter_map(|(row, column)| screen.cell(row, column)).any(|cell| cell.fgcolor() != vt100::Color::Default)
    };
    assert!(painted(&[]));
    assert!(!painted(&[("NO_COLOR", "1")]));
    assert!(!painted(&[("CLICOLOR", "0")]));
}

#[test]
fn sixty_columns_are_enough() {
    let home = Home::new("narrow");
    let mut terminal = Terminal::open(&home.0, 60, &[]);
    let row = "#{ name: \"the first of them\", arn: \"arn:aws:ecs:us-east-1:123\" }";
    assert_eq!(
        terminal.line(1, &format!("[{row}, {row}]")),
        "arn                        name\n\
         arn:aws:ecs:us-east-1:123  the first of them\n\
         arn:aws:ecs:us-east-1:123  the first of them"
    );
    let row = "#{ a: \"a-word-of-thirty-letters-and-so\", b: \"another-word-of-thirty-letters\" }";
    assert_eq!(
        terminal.line(2, &format!("[{row}]")),
        "- a: a-word-of-thirty-letters-and-so\n  b: another-word-of-thirty-letters"
    );
    let shown = terminal.line(3, "let x = \"y\"; ecs.create_cluster(#{ clusterNme: x, settings: [] })");
    assert!(shown.contains("…") && shown.contains("^^^^^^^^^^"), "{shown}");
    assert!(shown.lines().all(|line| line.chars().count() <= 60), "{shown}");
}

/// A service whose only task crashes and is replaced, in a small lab.
const CRASH: &str = "ecs.create_cluster(#{ clusterName: \"prod\" }); \
    ecs.register_task_definition(#{ family: \"web\", networkMode: \"awsvpc\", cpu: \"256\", memory: \"512\", \
    requiresCompatibilities: [\"FARGATE\"], containerDefinitions: [#{ name: \"web\", image: \"nginx\" }] }); \
    ecs.create_service(#{ cluster: \"prod\", serviceName: \"web\", taskDefinition: \"web\", desiredCount: 1, \
    launchType: \"FARGATE\", networkConfiguration: #{ awsvpcConfiguration: #{ \
    subnets: [ec2.describe_subnets().Subnets[0].SubnetId] } } }); wait(\"3m\"); \
    fault.crash(ecs.list_tasks(#{ cluster: \"prod\" }).taskArns[0]); wait(\"2m\");";

#[test]
fn a_timeline_is_drawn_in_sixty_columns() {
    let home = Home::new("timeline");
    let mut terminal = Terminal::open(&home.0, 60, &[]);
    terminal.line(1, CRASH);
    let shown = terminal.line(2, "timeline(\"web\")");
    assert!(shown.starts_with("service web\n") && shown.contains("▼ 09:00:00  deployment of web:1"), "{shown}");
    assert!(shown.contains("· starting  ━ running"), "{shown}");
    assert_eq!(shown.lines().filter(|line| line.contains("━━━━")).count(), 2, "{shown}");
    assert!(shown.lines().all(|line| line.chars().count() < 60), "{shown}");
    assert_eq!(terminal.line(3, "timeline(\"web\").rows.len()"), "2");
}

#[test]
fn plain_is_ascii_without_colours() {
    let home = Home::new("plain");
    let mut terminal = Terminal::with_arguments(&home.0, 60, &[], &["--plain"]);
    terminal.line(1, CRASH);
    let shown = terminal.line(2, "timeline(\"web\")");
    assert!(shown.contains(". starting  - running") && shown.contains("v 09:00:00  deployment"), "{shown}");
    let others = [(3, "why(\"web\")"), (4, "?why"), (5, "ecs.x()")];
    let shown: String = others.iter().map(|(number, text)| terminal.line(*number, text)).collect();
    assert!(shown.is_ascii(), "{shown}");
    let screen = terminal.screen.screen();
    let cells = (0..40).flat_map(|row| (0..60).map(move |column| (row, column)));
    let mut cells = cells.filter_map(|(row, column)| screen.cell(row, column));
    assert!(cells.all(|cell| cell.fgcolor() == vt100::Color::Default));
}

#[test]
fn a_wait_that_catches_its_interruption_is_stopped_all_the_same() {
    let home = Home::new("catch");
    let mut terminal = Terminal::open(&home.0, 80, &[]);
    terminal.line(1, CRASH);
    terminal.press("print(\"begun\"); loop { try { wait(\"300d\"); } catch { } }\r");
    terminal.wait_for(|screen| screen.ends_with("\nbegun"));
    terminal.press(CTRL_C);
    assert!(terminal.shown(2).contains("you interrupted it"));
}

#[test]
fn a_dumb_terminal_keeps_its_lines_too() {
    let home = Home::new("dumb");
    let state = home.0.join("state");
    let environment = [("TERM", "dumb"), ("XDG_STATE_HOME", state.to_str().unwrap())];
    let mut terminal = Terminal::open(&home.0, 80, &environment);
    terminal.press("6 * 7\r");
    terminal.wait_for(|screen| screen.ends_with("longshore[2]>"));
    terminal.press("exit\r");
    assert_eq!(terminal.end(), 0);
    assert!(std::fs::read_to_string(state.join("longshore/history")).unwrap().contains("6 * 7"));
}

#[test]
fn what_is_typed_and_shown_is_kept() {
    let home = Home::new("transcript");
    let file = home.0.join("told.txt");
    let mut terminal = Terminal::open(&home.0, 80, &[]);
    terminal.line(1, &format!(":transcript {}", file.display()));
    terminal.line(2, "#{ state: \"RUNNING\" }");
    terminal.press("fn f(x) {\rx\r}\r");
    terminal.shown(3);
    terminal.press("exit\r");
    assert_eq!(terminal.end(), 0);
    let kept = std::fs::read_to_string(file).unwrap();
    assert!(kept.starts_with("longshore[2]> #{ state: \"RUNNING\" }\nstate: RUNNING\n"), "{kept}");
    assert!(kept.contains("longshore[3]> fn f(x) {\n") && !kept.contains('\u{1b}'), "{kept}");
}

#[test]
fn at_a_question_of_a_lesson_one_types_on_or_answers() {
    let home = Home::new("question");
    let mut terminal = Terminal::open(&home.0, 60, &[]);
    terminal.press(":lesson 2\r");
    terminal.wait_for(|screen| screen.contains("── 1 of ") && screen.ends_with("lesson 2[2]>"));
    for number in 3..=6 {
        terminal.press("\r");
        terminal.wait_for(|screen| screen.ends_with(&format!("lesson 2[{number}]>")));
    }
    terminal.press("\r");
    let shown = terminal.wait_for(|screen| screen.ends_with("lesson 2[7]>"));
    assert!(shown.contains("note: type a or b to predict it, or Enter to just see;"), "{shown}");
    assert_eq!(terminal.line(7, "let d = 1 + 1; d"), "2");
    assert_eq!(terminal.line(8, "wait(\"1s\");"), "  09:00:01  now, 1s later");
    terminal.press("a\r");
    let shown = terminal.wait_for(|screen| screen.ends_with("lesson 2[10]>"));
    assert!(shown.contains("it is 1 regular, 0 Spot: you were right"), "{shown}");
    assert_eq!(
        terminal.line(10, ":leave"),
        "note: you left \"Base and weights: who runs where, and what\n      it costs\"; your own lab is back, and :lesson 2 goes on\n      there"
    );
}

#[test]
fn tab_completes_what_there_is_to_learn() {
    let home = Home::new("learn");
    let mut terminal = Terminal::open(&home.0, 100, &[]);
    terminal.press(":exercise \t");
    terminal.wait_for(|screen| screen.contains("mend-the-mix") && screen.contains("trust-one-account"));
    terminal.press("keep\t\r");
    assert!(terminal.shown(1).contains("Write: Keep two copies running"));
    terminal.press(":lesson \t");
    terminal.wait_for(|screen| screen.contains("4  Eight trust policies"));
    terminal.press("irsa\t\r");
    terminal.wait_for(|screen| screen.ends_with("lesson 4[3]>"));
}

#[test]
fn the_prompt_says_which_lab_one_is_in() {
    let home = Home::new("where");
    let mut terminal = Terminal::with_arguments(&home.0, 60, &[], &["--plain"]);
    terminal.line(1, ":fork what-if");
    for (prompt, line) in [
        ("longshore/what-if[2]>", ":lesson 2"),
        ("lesson 2[3]>", ":exercise keep-two"),
        ("keep-two[4]>", ":fork other"),
        ("keep-two/other[5]>", ":exercise predict-the-first-change"),
        ("predict-the-first-c~[6]>", "let much = [1, 2, 3, 4, 5, 6, 7, 8, 9];"),
        ("predict-the-first-c~[7]>", ":leave"),
        ("longshore/what-if[8]>", "1 + 1"),
    ] {
        let screen = terminal.wait_for(|screen| screen.ends_with(prompt));
        assert!(screen.is_ascii(), "{screen}");
        terminal.press(&format!("{line}\r"));
    }
    // A line that is wider than what is left of the screen goes on in the next row.
    let screen = terminal.wait_for(|screen| screen.ends_with("[9]>"));
    assert!(screen.contains("[6]> let much = [1, 2, 3, 4, 5, 6, 7, 8,\n 9];\n"), "{screen}");
}
