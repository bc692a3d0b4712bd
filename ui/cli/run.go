package cli

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"dhtop/dhtcore"
)

// session is an Explorer that runs in the background of a command.
type session struct {
	*dhtcore.Explorer
	ctx    context.Context // ends with the signal, the time limit or the Explorer's own failure
	cancel context.CancelFunc
	done   chan error
}

// open starts an Explorer with the command's settings. Whoever calls it calls close.
func open(cmd *cobra.Command, s settings) (*session, error) {
	e, err := dhtcore.Open(s.explorer)
	if err != nil {
		return nil, err
	}
	r := &session{Explorer: e, done: make(chan error, 1)}
	if s.limit > 0 {
		r.ctx, r.cancel = context.WithTimeout(cmd.Context(), s.limit)
	} else {
		r.ctx, r.cancel = context.WithCancel(cmd.Context())
	}
	go func() {
		r.done <- e.Run(r.ctx)
		r.cancel()
	}()
	return r, nil
}

// close ends the Explorer, waits until it has saved what it keeps, and returns what went wrong, or
// errInterrupted after a signal.
func (r *session) close() error {
	r.cancel()
	if err := <-r.done; err != nil {
		return &exit{exitUsage, err.Error()}
	}
	return ended(r.ctx)
}

// pollEvery is how often the journal is read for a stream of events: often enough to look immediate.
const pollEvery = 50 * time.Millisecond

// pollAtOnce is how many events are taken from the journal at once.
const pollAtOnce = 1024

// stream has write put every event into out until the session ends. It tells errOut of events that
// were overwritten before they could be read.
func (r *session) stream(out *output, errOut io.Writer, write func(*dhtcore.Event) error) error {
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	var seq uint64
	buffer := make([]dhtcore.Event, 0, pollAtOnce)
	drain := func() error {
		for {
			batch, missed := r.EventsAfter(buffer[:0], seq, pollAtOnce)
			if missed > 0 {
				fmt.Fprintf(errOut, "dhtop: %d events were lost: the output is too slow\n", missed)
			}
			for i := range batch {
				if err := write(&batch[i]); err != nil {
					return err
				}
				seq = batch[i].Seq
			}
			if len(batch) < pollAtOnce {
				return out.Flush()
			}
		}
	}
	for {
		select {
		case <-r.ctx.Done():
			return drain()
		case <-tick.C:
			if err := drain(); err != nil {
				return err
			}
		}
	}
}
