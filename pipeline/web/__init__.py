"""HTTP as every stage needs it: guarded dialling, bounded answers, polite turns, retries; and what a URL identifies."""
