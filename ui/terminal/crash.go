package terminal

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"

	"dhtop/dhtcore"
)

// A panic in any goroutine, ours or a library's, stops everything in the process but the runtime, which writes
// the stack trace and exits with code 2. So a second, tiny process watches: it reads our stderr, and when a
// stack trace arrives, it restores the terminal, saves the trace to a file, and prints one line.

// goodbye tells the watcher of a normal end.
const goodbye = "dhtop ends well\n"

// crashPrefixes start the first line that the runtime writes in a crash.
var crashPrefixes = []string{
	"panic: ", "fatal error: ", "SIGQUIT: ", "SIGABRT: ", "SIGSEGV: ",
	"unexpected fault address", "runtime: ", "goroutine ",
}

// readAhead is how much of a trace is read before the terminal is restored, in bytes: next to nothing, so that
// the dying process fills its pipe and waits.
const readAhead = 256

// WatchForCrash reads the stderr of a terminal explorer until it ends. After a crash it restores the terminal
// out, writes the stack trace to a file in dir, or in the temporary directory if that fails, and prints its
// name. If the explorer was killed, it only restores the terminal.
func WatchForCrash(stderr io.Reader, out *os.File, dir string) error {
	lines := bufio.NewReaderSize(stderr, readAhead)
	for {
		line, err := lines.ReadString('\n')
		switch {
		case line == goodbye:
			return nil
		case isCrash(line):
			return saveCrash(io.MultiReader(strings.NewReader(line), lines), out, dir)
		case err != nil: // killed
			restoreTerminal(out)
			fmt.Fprint(out, "dhtop was killed\r\n")
			return nil
		}
	}
}

// isCrash reports whether a line is the first of a stack trace.
func isCrash(line string) bool {
	for _, prefix := range crashPrefixes {
		if strings.HasPrefix(line, prefix) {
			return true
		}
	}
	return false
}

// saveCrash handles a crash, the terminal first: the dying process waits while we do not read, and its shell
// waits for it.
func saveCrash(stack io.Reader, out *os.File, dir string) error {
	restoreTerminal(out)
	f, err := crashFile(dir)
	if err != nil {
		fmt.Fprintf(out, "dhtop crashed; its stack trace could not be saved: %s\r\n", dhtcore.Printable(err.Error()))
		return printTrace(stack, out)
	}
	fmt.Fprintf(out, "dhtop crashed: the stack trace is in %s, please report it\r\n", dhtcore.Printable(f.Name()))
	_, err = io.WriteString(f, crashPreface)
	if err == nil {
		_, err = io.Copy(f, stack)
	}
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	return err
}

// printTrace prints a stack trace, which may quote what strangers sent, to the terminal.
func printTrace(stack io.Reader, out io.Writer) error {
	for lines := bufio.NewReader(stack); ; {
		line, err := lines.ReadString('\n')
		if line != "" {
			line = strings.ReplaceAll(strings.TrimRight(line, "\r\n"), "\t", "    ")
			if _, err := fmt.Fprintf(out, "%s\r\n", dhtcore.Printable(line)); err != nil {
				return err
			}
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// crashPreface stands at the start of a crash file.
const crashPreface = `This is the stack trace of a crash of dhtop. It holds the functions and source lines that ran, memory addresses
and what a library wrote. It may quote the network: IP addresses, info_hashes, names. Read it before you pass it on.

`

// crashFile creates the file for a stack trace, which contains addresses, so only its owner can read it.
func crashFile(dir string) (f *os.File, err error) {
	name := "crash-" + time.Now().UTC().Format("20060102-150405") + "-*.txt"
	for _, d := range []string{dir, os.TempDir()} {
		if d == "" {
			continue
		}
		if err = os.MkdirAll(d, 0o700); err != nil {
			continue
		}
		if f, err = os.CreateTemp(d, name); err == nil {
			return f, nil
		}
	}
	return nil, err
}

// restoreTerminal undoes the modes of a terminal explorer.
func restoreTerminal(out *os.File) {
	out.WriteString(LeaveScreen) //nolint:errcheck // a terminal that is gone needs no restoring
	stty := exec.Command("stty", "sane")
	stty.Stdin = out
	stty.Run() //nolint:errcheck // where there is no stty, shells do it themselves
}
