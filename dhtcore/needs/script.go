package needs

import (
	"bytes"
	"context"
	"io"
	"os/exec"
	"testing"
	"time"
)

// Script starts a program that talks over its standard input and output until the end of its input, which comes with
// the end of the test. It is killed after limit. The test fails if the program does; what it wrote to standard error is
// logged when the test has failed. cmd makes its command, with Dir and Env.
func Script(t testing.TB, limit time.Duration, cmd func(ctx context.Context) *exec.Cmd) (in io.Writer, out io.Reader) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	c := cmd(ctx)
	var errs bytes.Buffer
	c.Stderr = &errs
	stdin, err := c.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		defer cancel()
		stdin.Close()
		io.Copy(io.Discard, stdout) //nolint:errcheck // nothing more is said
		if err := c.Wait(); err != nil {
			t.Errorf("%q ended with %v", c.Args, err)
		}
		if t.Failed() {
			t.Logf("%q said:\n%s", c.Args, &errs)
		}
	})
	return stdin, stdout
}
