package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"time"

	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
	"dhtop/ui/cli/console"
	"dhtop/ui/cli/exit"
	"dhtop/ui/cli/settings"
	"dhtop/views/report"
)

// session is an Explorer that runs in the background of a command.
type session struct {
	*dhtcore.Explorer
	options report.Options // how its warnings are written
	// ctx ends with the signal, --for, or a failure of Run.
	ctx      context.Context //nolint:containedctx // it is the lifetime of the session
	cancel   context.CancelFunc
	ended    chan struct{} // closed when Run has returned
	viewers  viewers       // the other dhtops that show it
	err      error         // of Run
	log      settings.LogLevel
	confined bool   // see confine
	seen     uint64 // number of the last event that stream or warn has read
}

// openSession starts an Explorer with the settings of a command. The caller closes the session.
func openSession(ctx context.Context, c settings.Settings) (*session, error) {
	saveMemory(&c.Explorer)
	e, err := dhtcore.Open(c.Explorer)
	if err != nil {
		return nil, err
	}
	s := &session{Explorer: e, options: c.Form.Options, ended: make(chan struct{}), log: c.LogLevel}
	if c.For > 0 {
		s.ctx, s.cancel = context.WithTimeout(ctx, c.For)
	} else {
		s.ctx, s.cancel = context.WithCancel(ctx)
	}
	s.viewers = s.takeViewers(&c)
	go func() {
		s.err = e.Run(s.ctx)
		s.cancel()
		s.viewers.wait()
		close(s.ended)
	}()
	return s, nil
}

// close ends the Explorer, waits until it has saved what it keeps, and returns what went wrong, or
// ErrInterrupted after a signal.
func (s *session) close() error {
	s.cancel()
	<-s.ended
	if s.err != nil {
		return exit.With(exit.Usage, s.err.Error())
	}
	return exit.BySignal(s.ctx)
}

// finish closes the session and makes the output final, unless writing it has failed. It returns what
// went wrong, or ErrInterrupted after a signal.
func (s *session) finish(out *console.Output, errOut io.Writer, writeErr error) error {
	err := s.close()
	s.warn(errOut)
	if err != nil && !errors.Is(err, error(exit.ErrInterrupted)) {
		return err
	}
	if writeErr != nil {
		return writeErr
	}
	if commitErr := out.Commit(); commitErr != nil {
		return commitErr
	}
	return err
}

// warn writes the new warnings to errOut.
func (s *session) warn(errOut io.Writer) {
	events, _ := s.EventsAfter(nil, s.seen, math.MaxInt)
	for i := range events {
		s.seen = events[i].Seq
		if events[i].Kind == dhtcore.Warning && s.log >= settings.LogWarning {
			fmt.Fprintln(errOut, "dhtop:", s.options.Text(events[i].Text))
		}
	}
}

// pollEvery is how often the journal is read for a stream of events: often enough to look immediate.
const pollEvery = 50 * time.Millisecond

// pollAtOnce is how many events are read from the journal at once.
const pollAtOnce = 1024

// eventReader is what a command does with the events of a session.
type eventReader struct {
	event func(*dhtcore.Event) error
	lost  func(n uint64) error  // n events were overwritten before they could be read
	flush func(last bool) error // nothing more is there for now, or ever
}

// stream calls write for every event until the session has ended, its last events included, and flushes out.
// When events were overwritten before they could be read, it says so on errOut.
func (s *session) stream(out *console.Output, errOut io.Writer, write func(*dhtcore.Event) error) error {
	return s.read(eventReader{
		event: write,
		lost: func(n uint64) error {
			if s.log >= settings.LogWarning {
				fmt.Fprintf(errOut, "dhtop: %s lost: the output is read too slowly\n", human.Amount(n, "event", "events"))
			}
			return nil
		},
		flush: func(bool) error { return out.Flush() },
	})
}

// read gives every event to r until the session has ended, its last events included.
func (s *session) read(r eventReader) error {
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	buffer := make([]dhtcore.Event, 0, pollAtOnce)
	drain := func(last bool) error {
		for {
			batch, lost := s.EventsAfter(buffer[:0], s.seen, pollAtOnce)
			if lost > 0 {
				if err := r.lost(lost); err != nil {
					return err
				}
			}
			for i := range batch {
				if err := r.event(&batch[i]); err != nil {
					return err
				}
				s.seen = batch[i].Seq
			}
			if len(batch) < pollAtOnce {
				return r.flush(last)
			}
		}
	}
	for {
		select {
		case <-s.ctx.Done():
			<-s.ended
			return drain(true)
		case <-tick.C:
			if err := drain(false); err != nil {
				return err
			}
		}
	}
}

// why is the Explorer's reason for finding nothing, with its remedy; "" for none. Ask it before the session is closed.
func (s *session) why() string { return cmp.Or(s.Why(), s.Snapshot().Notice()) }

// nothing is the error of a command that found or stored nothing, with the reason if there is one.
func nothing(text, why string) error {
	if why != "" {
		text += ": " + why
	}
	return exit.With(exit.Nothing, text)
}
