package ui

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"
)

// A panic can come in any goroutine, ours or a library's, and then nothing of this process runs any more
// but the runtime, which writes the stack and exits with code 2. So a second, tiny process stands by: it
// holds the other end of our stderr, and when a stack comes there it restores the terminal, keeps the stack
// in a file, and says so in one line.

// farewell is what the watcher is told when all is well.
const farewell = "dhtop ends well\n"

// omens begin the first line of what the runtime writes when it gives up.
var omens = []string{"panic: ", "fatal error: ", "SIGQUIT: ", "SIGABRT: ", "SIGSEGV: ", "unexpected fault address", "runtime: ", "goroutine "}

// watchAhead is how much of a stack is read before the terminal is restored, in bytes: next to nothing, so
// that the dying process fills its pipe and waits.
const watchAhead = 256

// WatchForCrash reads the stderr of a terminal explorer until it ends. If that was with a crash, it restores
// the terminal out, writes a file into dir, or into the directory for temporary files when it cannot, and
// tells its name; if it was without a farewell, it restores the terminal alone.
func WatchForCrash(stderr io.Reader, out *os.File, dir string) error {
	lines := bufio.NewReaderSize(stderr, watchAhead)
	for {
		line, err := lines.ReadString('\n')
		switch {
		case line == farewell:
			return nil
		case ominous(line):
			return keepCrash(io.MultiReader(strings.NewReader(line), lines), out, dir)
		case err != nil: // killed
			restoreTerminal(out)
			fmt.Fprint(out, "dhtop was killed\r\n")
			return nil
		}
	}
}

func ominous(line string) bool {
	for _, omen := range omens {
		if strings.HasPrefix(line, omen) {
			return true
		}
	}
	return false
}

// keepCrash does what is to be done about a crash, the terminal first: the dying process waits for us as
// long as we do not read, and its shell waits for it.
func keepCrash(stack io.Reader, out *os.File, dir string) error {
	restoreTerminal(out)
	f, err := crashFile(dir)
	if err != nil {
		fmt.Fprintf(out, "dhtop crashed; its stack trace could not be saved: %v\r\n", err)
		_, err = io.Copy(out, stack)
		return err
	}
	fmt.Fprintf(out, "dhtop crashed: the stack trace is in %s, please report it\r\n", f.Name())
	_, err = io.Copy(f, stack)
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	return err
}

// crashFile makes a file for a stack that only its user can read: there are addresses in it.
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

// restoreTerminal undoes what a terminal explorer has switched on.
func restoreTerminal(out *os.File) {
	out.WriteString(leaveScreen) //nolint:errcheck // a terminal that is gone needs no restoring
	stty := exec.Command("stty", "sane")
	stty.Stdin = out
	stty.Run() //nolint:errcheck // shells do it themselves where there is no stty
}
