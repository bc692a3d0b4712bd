package cli

import (
	"context"
	"errors"
	"time"

	"dhtop/dhtcore"
	"dhtop/ui"
	"dhtop/ui/cli/exit"
	"dhtop/ui/cli/settings"
)

// startup opens a session while the screen already shows its splash, as a store can be large or far away.
type startup struct {
	settings.Settings
	stop   context.CancelFunc // ends the screen
	screen context.Context    //nolint:containedctx // it is the lifetime of the screen
	opened chan openResult    // one element once open has returned a session, or an error

	idle    []string    // the flags that mean nothing where it attaches
	warning chan string // about them; at most one
}

// openResult is what openAPISession returned.
type openResult struct {
	apiSession
	err error
}

// open opens the session, or attaches to the node that uses the data directory. It is called once, on a goroutine of the
// screen. ctx ends with the signal.
func (s *startup) open(ctx context.Context) (ui.Core, error) {
	for began := time.Now(); ; {
		if core, ok := s.attachInstead(); ok {
			return core, nil
		}
		r, err := openAPISession(ctx, s.Settings)
		if _, inUse := errors.AsType[*dhtcore.InUseError](err); inUse && time.Since(began) < attachPatience && ctx.Err() == nil {
			select { // it may be about to start, or to end
			case <-s.screen.Done():
			case <-time.After(attachPause):
			}
			continue
		}
		s.opened <- openResult{r, err}
		if err != nil {
			return ui.Core{}, err
		}
		context.AfterFunc(r.ctx, s.stop)
		return ui.CoreOf(r.Explorer), nil
	}
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
		if err := exit.BySignal(ctx); err != nil {
			return err
		}
	}
	return screenErr
}
