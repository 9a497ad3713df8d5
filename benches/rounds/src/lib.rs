//! Measures contenders for the same work in interleaved rounds and prints their ratios to the first of them, the floor.
//!
//! Every round runs every contender once, each round beginning with another, so that a noisy machine disturbs them alike;
//! a ratio is taken within its round and the median of the rounds is printed. CPU time of all threads stands beside the wall
//! time: the column to trust while the machine is busy, and the one that shows what thread hops cost.

use std::process::{Command, Output};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use cpu_time::{ProcessTime, ThreadTime};
use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike;

/// One way to do the work.
struct Contender {
    name: String,
    /// What has to be done before a round, untimed.
    prepare: Box<dyn FnMut()>,
    run: Box<dyn FnMut()>,
}

/// One work with its contenders.
pub struct Work {
    name: String,
    /// Operations in one run of a contender.
    operations: u32,
    target: &'static str,
    /// How many rounds are enough, where a run takes long.
    rounds: Option<usize>,
    contenders: Vec<Contender>,
}

impl Work {
    /// The work `name`, done `operations` times by one run; `target` is what ours is to reach.
    pub fn new(name: impl Into<String>, operations: u32, target: &'static str) -> Self {
        Work { name: name.into(), operations, target, rounds: None, contenders: Vec::new() }
    }

    /// At most so many rounds, for a work whose runs take long.
    pub fn rounds(self, most: usize) -> Self {
        Work { rounds: Some(most), ..self }
    }

    /// A contender; the first one is the floor.
    pub fn contender(self, name: impl Into<String>, run: impl FnMut() + 'static) -> Self {
        self.prepared(name, || (), run)
    }

    /// A contender that needs `prepare` before each run.
    pub fn prepared(
        mut self,
        name: impl Into<String>,
        prepare: impl FnMut() + 'static,
        run: impl FnMut() + 'static,
    ) -> Self {
        self.contenders.push(Contender { name: name.into(), prepare: Box::new(prepare), run: Box::new(run) });
        self
    }
}

struct Sample {
    wall: Duration,
    cpu: Duration,
}

/// Runs the works whose name holds one of the words of the command line (all of them without words), and prints the table.
///
/// `--rounds n` sets the number of rounds (25). `--rows` leaves the table's head out, for a table of several programs.
pub fn run(works: Vec<Work>) {
    let mut words: Vec<String> = std::env::args().skip(1).collect();
    let rows_only = take(&mut words, "--rows");
    let rounds = match words.iter().position(|word| word == "--rounds") {
        Some(at) => {
            let number = words.get(at + 1).and_then(|number| number.parse().ok()).expect("--rounds takes a number");
            words.drain(at..at + 2);
            number
        }
        None => 25,
    };
    if !rows_only {
        println!("{HEAD}");
    }
    for work in works {
        if words.is_empty() || words.iter().any(|word| work.name.contains(word.as_str())) {
            let rounds = work.rounds.map_or(rounds, |most| rounds.min(most));
            measure(work, rounds);
        }
    }
}

/// The head of the table that [`run`] prints.
pub const HEAD: &str = "| work | contender | ratio | of CPU | one takes | target |\n|---|---|---:|---:|---:|---|";

fn take(words: &mut Vec<String>, flag: &str) -> bool {
    let before = words.len();
    words.retain(|word| word != flag);
    words.len() < before
}

fn measure(mut work: Work, rounds: usize) {
    let count = work.contenders.len();
    let mut samples: Vec<Vec<Sample>> = (0..count).map(|_| Vec::new()).collect();
    // The first round fills caches and is thrown away.
    for round in 0..=rounds {
        for place in 0..count {
            let at = (place + round) % count;
            let contender = &mut work.contenders[at];
            (contender.prepare)();
            let (cpu, wall) = (cpu_time(), Instant::now());
            (contender.run)();
            let sample = Sample { wall: wall.elapsed(), cpu: cpu_time().saturating_sub(cpu) };
            if round > 0 {
                samples[at].push(sample);
            }
        }
    }
    for (at, contender) in work.contenders.iter().enumerate() {
        let ratio = |time: fn(&Sample) -> Duration| {
            let rounds = samples[at].iter().zip(&samples[0]);
            median(rounds.map(|(ours, floor)| time(ours).as_secs_f64() / time(floor).as_secs_f64()).collect())
        };
        let (wall, cpu) = (ratio(|sample| sample.wall), ratio(|sample| sample.cpu));
        let one = median(samples[at].iter().map(|sample| sample.wall.as_secs_f64()).collect());
        let (name, label) = (&work.name, &contender.name);
        let target = if label.starts_with("aludel") { work.target } else { "" };
        let one = time(one / f64::from(work.operations));
        println!("| {name} | {label} | {wall:.2} | {cpu:.2} | {one} | {target} |");
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn time(seconds: f64) -> String {
    match seconds {
        s if s < 1e-6 => format!("{:.0} ns", s * 1e9),
        s if s < 1e-3 => format!("{:.2} us", s * 1e6),
        s => format!("{:.2} ms", s * 1e3),
    }
}

/// Runs `work`, whose CPU time does not count: it only asks.
pub fn uncounted(work: impl FnOnce()) {
    let started = ThreadTime::now();
    work();
    let nanos = u64::try_from(started.elapsed().as_nanos()).unwrap_or(u64::MAX);
    UNCOUNTED.fetch_add(nanos, Ordering::Relaxed);
}

/// Runs `command` to its end; its CPU time counts as this program's own.
pub fn child(command: &mut Command) -> Output {
    let before = cpu_of_children();
    let output = command.output().unwrap_or_else(|error| panic!("{command:?} does not run: {error}"));
    CHILDREN.fetch_add(cpu_of_children() - before, Ordering::Relaxed);
    output
}

/// In nanoseconds, of all children that have ended.
fn cpu_of_children() -> u64 {
    let used = getrusage(UsageWho::RUSAGE_CHILDREN).expect("the system knows its processes");
    let nanos = used.user_time().num_nanoseconds() + used.system_time().num_nanoseconds();
    u64::try_from(nanos).expect("time passes")
}

static CHILDREN: AtomicU64 = AtomicU64::new(0);
static UNCOUNTED: AtomicU64 = AtomicU64::new(0);

/// The CPU time of this program, without what does not count.
fn cpu_time() -> Duration {
    let children = Duration::from_nanos(CHILDREN.load(Ordering::Relaxed));
    let all = ProcessTime::now().as_duration() + children;
    all.saturating_sub(Duration::from_nanos(UNCOUNTED.load(Ordering::Relaxed)))
}
