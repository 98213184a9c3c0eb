//! What the kernel tells of a process.

/// How much memory it holds (`VmRSS`) or held at most (`VmHWM`), in kB; 0 once it has ended.
pub fn memory(pid: u32, what: &str) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(what)).unwrap_or_default();
    line.trim_start_matches(':').split_whitespace().next().map_or(0, |kb| kb.parse().unwrap_or(0))
}
