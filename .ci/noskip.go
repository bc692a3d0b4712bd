// Command noskip runs go test with its arguments, prints a line a package and the output of what fails, and
// counts the tests that are skipped: one is a failure.
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
)

// event is a line of go test -json (go doc test2json).
type event struct {
	Action, Package, Test, Output string
}

func main() {
	cmd := exec.Command("go", append([]string{"test", "-json"}, os.Args[1:]...)...)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		fail(err)
	}
	skipped := report(out)
	if err := cmd.Wait(); err != nil {
		fail("go test:", err)
	}
	fmt.Println(len(skipped), "tests skipped")
	if len(skipped) > 0 {
		fail(strings.Join(skipped, ""))
	}
}

func fail(what ...any) {
	fmt.Fprintln(os.Stderr, what...)
	os.Exit(1)
}

// report prints what people want to read of the events, and returns the last words of the skipped tests.
func report(out io.Reader) (skipped []string) {
	said := map[[2]string]*strings.Builder{} // by package and test, until the test has ended
	for dec := json.NewDecoder(out); ; {
		var e event
		if err := dec.Decode(&e); err == io.EOF {
			return skipped
		} else if err != nil {
			fail("reading the events of go test:", err)
		}
		key := [2]string{e.Package, e.Test}
		switch e.Action {
		case "build-output":
			fmt.Print(e.Output)
		case "output":
			if e.Test == "" && (strings.HasPrefix(e.Output, "ok ") || strings.HasPrefix(e.Output, "FAIL\t")) {
				fmt.Print(e.Output)
			} else {
				if said[key] == nil {
					said[key] = &strings.Builder{}
				}
				said[key].WriteString(e.Output)
			}
		case "fail":
			if said[key] != nil {
				fmt.Print(said[key])
			}
			delete(said, key)
		case "skip":
			if e.Test != "" {
				skipped = append(skipped, fmt.Sprintf("%s %s\n%s", e.Package, e.Test, said[key]))
			}
			delete(said, key)
		case "pass":
			delete(said, key)
		}
	}
}
