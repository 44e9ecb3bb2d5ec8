//! What the process takes, under the names that Prometheus' own clients use.
//!
//! Invariant: where the system does not tell, a gauge is absent, not zero.

use metrics::gauge;

/// Sets the gauges to what is true now.
pub(super) fn process_gauges_refresh() {
    if let Some(bytes) = resident_bytes() {
        gauge!("process_resident_memory_bytes").set(bytes as f64);
    }
    if let Some(count) = open_files() {
        gauge!("process_open_fds").set(count as f64);
    }
}

/// Resident memory. `status` has it in KiB, where `statm` counts pages of a size that it does not
/// tell.
fn resident_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib * 1024)
}

/// Open files and sockets; one of them is the directory that is being read.
fn open_files() -> Option<usize> {
    Some(std::fs::read_dir("/proc/self/fd").ok()?.count().saturating_sub(1))
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn a_process_has_memory_and_files() {
        assert!(resident_bytes().unwrap() > 1 << 20);
        let before = open_files().unwrap();
        let _held: Vec<_> = (0..50).map(|_| std::fs::File::open("/dev/null").unwrap()).collect();
        assert!(open_files().unwrap() >= before + 25);
    }
}
