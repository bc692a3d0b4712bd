// Package console is what a command reads and writes: its streams, which a signal frees from a reader that stalls; its
// output, a file that appears as a whole or standard output; the progress line below it; and the printer that keeps
// lookups from waiting for the reader. The commands of ui/cli use it; what they write comes from views/report. Printer.mu
// guards what waits to be printed, Progress.mu the line, deadlineWriter.mu a write: each for one write.
package console
