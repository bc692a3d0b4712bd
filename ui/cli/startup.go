package cli

import (
	"context"

	"dhtop/ui"
)

// startup opens a session while the screen already shows its splash, as a store can be large or far away.
type startup struct {
	settings
	stop   context.CancelFunc // ends the screen
	opened chan openResult    // one element once open has returned
}

// openResult is what openAPISession returned.
type openResult struct {
	apiSession
	err error
}

// open opens the session. It is called once, on a goroutine of the screen. ctx ends with the signal.
func (s *startup) open(ctx context.Context) (ui.Core, error) {
	r, err := openAPISession(ctx, s.settings)
	s.opened <- openResult{r, err}
	if err != nil {
		return ui.Core{}, err
	}
	context.AfterFunc(r.ctx, s.stop)
	return ui.CoreOf(r.Explorer), nil
}

// end closes the session after the screen has ended, and returns the error to report. A session that is
// still opening ends with the process: it has sent nothing and has nothing to save.
func (s *startup) end(ctx context.Context, screenErr error) error {
	select {
	case r := <-s.opened:
		if r.err != nil {
			return r.err
		}
		defer r.wait()
		if err := r.close(); err != nil {
			return err
		}
	default:
		if err := interrupted(ctx); err != nil {
			return err
		}
	}
	return screenErr
}
