//! Room for scripts: a stack that they cannot exhaust, and a heap that begins wide.

/// Runs something on a stack that hostile scripts cannot exhaust within their limits. The memory is only reserved.
///
/// # Panics
/// If `work` panics, with its panic.
pub fn on_big_stack<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    const STACK: usize = 512 << 20;
    std::thread::scope(|scope| {
        let work = || {
            widen_heap();
            work()
        };
        let thread = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work);
        let thread = thread.expect("a thread with reserved, unused stack can be started");
        thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}

/// Lets the heap of a new thread begin with room. glibc widens it page by page otherwise, with a call to the kernel for
/// each: hundreds, until an engine stands. The first block tells glibc what size is usual here, the second one is room.
fn widen_heap() {
    for bytes in [4 << 20, 2 << 20] {
        drop(std::hint::black_box(Vec::<u8>::with_capacity(bytes)));
    }
}
