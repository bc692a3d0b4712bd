package cli

import (
	"context"

	"github.com/spf13/cobra"

	"dhtop/dhtcore"
)

// opening is a session that is opened behind the splash, as a store can be large or far away.
type opening struct {
	cmd  *cobra.Command
	set  settings
	ctx  context.Context // ends with the signal, or with the session
	stop context.CancelFunc
	done chan outcome // of open, at most one
}

// outcome is what came of opening a session.
type outcome struct {
	served
	err error
}

func newOpening(cmd *cobra.Command, s settings) *opening {
	o := &opening{cmd: cmd, set: s, done: make(chan outcome, 1)}
	o.ctx, o.stop = context.WithCancel(cmd.Context())
	return o
}

// open opens the session. It is called once, on a goroutine of the screen.
func (o *opening) open() (*dhtcore.Explorer, error) {
	r, err := openServed(o.cmd, o.set)
	o.done <- outcome{r, err}
	if err != nil {
		return nil, err
	}
	context.AfterFunc(r.ctx, o.stop)
	return r.Explorer, nil
}

// end closes the session after the screen and returns what is to be told of both. A session that nobody
// waited for goes with the process: nothing has been asked of the network, nothing is to be saved.
func (o *opening) end(screenErr error) error {
	select {
	case r := <-o.done:
		if r.err != nil {
			return r.err
		}
		defer r.wait()
		if err := r.close(); err != nil {
			return err
		}
	default:
		if err := ended(o.cmd.Context()); err != nil {
			return err
		}
	}
	return screenErr
}
