package cli

import (
	"context"
	"fmt"
	"io"
	"math"
	"time"

	"github.com/spf13/cobra"

	"dhtop/dhtcore"
)

// session is an Explorer that runs in the background of a command.
type session struct {
	*dhtcore.Explorer
	ctx    context.Context // ends with the signal, the time limit or the Explorer's own failure
	cancel context.CancelFunc
	ended  chan struct{} // closed when Run has returned
	err    error         // what it returned
	told   uint64        // number of the last event that stream or warn has taken
}

// open starts an Explorer with the command's settings. Whoever calls it calls close.
func open(cmd *cobra.Command, s settings) (*session, error) {
	e, err := dhtcore.Open(s.explorer)
	if err != nil {
		return nil, err
	}
	r := &session{Explorer: e, ended: make(chan struct{})}
	if s.limit > 0 {
		r.ctx, r.cancel = context.WithTimeout(cmd.Context(), s.limit)
	} else {
		r.ctx, r.cancel = context.WithCancel(cmd.Context())
	}
	go func() {
		r.err = e.Run(r.ctx)
		r.cancel()
		close(r.ended)
	}()
	return r, nil
}

// close ends the Explorer, waits until it has saved what it keeps, and returns what went wrong, or
// errInterrupted after a signal.
func (r *session) close() error {
	r.cancel()
	<-r.ended
	if r.err != nil {
		return &exit{exitUsage, r.err.Error()}
	}
	return ended(r.ctx)
}

// conclude closes the session and makes the output final, unless writing it has failed. It returns what
// went wrong, or errInterrupted after a signal.
func (r *session) conclude(out *output, errOut io.Writer, writeErr error) error {
	err := r.close()
	r.warn(errOut)
	if err != nil && err != errInterrupted {
		return err
	}
	if writeErr != nil {
		return writeErr
	}
	if commitErr := out.commit(); commitErr != nil {
		return commitErr
	}
	return err
}

// warn tells errOut of the warnings that it has not been told yet.
func (r *session) warn(errOut io.Writer) {
	events, _ := r.EventsAfter(nil, r.told, math.MaxInt)
	for i := range events {
		r.told = events[i].Seq
		if events[i].Kind == dhtcore.Warning {
			fmt.Fprintln(errOut, "dhtop:", events[i].Text)
		}
	}
}

// pollEvery is how often the journal is read for a stream of events: often enough to look immediate.
const pollEvery = 50 * time.Millisecond

// pollAtOnce is how many events are taken from the journal at once.
const pollAtOnce = 1024

// stream has write put every event into out until the session has ended, with what it said at its end.
// It tells errOut of events that were overwritten before they could be read.
func (r *session) stream(out *output, errOut io.Writer, write func(*dhtcore.Event) error) error {
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	buffer := make([]dhtcore.Event, 0, pollAtOnce)
	drain := func() error {
		for {
			batch, missed := r.EventsAfter(buffer[:0], r.told, pollAtOnce)
			if missed > 0 {
				fmt.Fprintf(errOut, "dhtop: %d events were lost: the output is too slow\n", missed)
			}
			for i := range batch {
				if err := write(&batch[i]); err != nil {
					return err
				}
				r.told = batch[i].Seq
			}
			if len(batch) < pollAtOnce {
				return out.Flush()
			}
		}
	}
	for {
		select {
		case <-r.ctx.Done():
			<-r.ended
			return drain()
		case <-tick.C:
			if err := drain(); err != nil {
				return err
			}
		}
	}
}

// because gives the explorer's own reason for an empty result, if it has one.
func because(s *dhtcore.Snapshot) string {
	if s.Notice == "" {
		return ""
	}
	return ": " + s.Notice
}
