package cli

import (
	"context"
	"errors"
	"io"
	"sync"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// defaultTimeout is the longest wait of a search: a healthy one takes a second, and joining a few.
const defaultTimeout = 30 * time.Second

// searchFlags adds the flags of the commands that search the network.
func searchFlags(f *pflag.FlagSet) {
	f.Duration("warm", 0, "join the network for this `DURATION` before the first search")
	f.Duration("timeout", defaultTimeout, "longest time for a search; joining the network is part of the first")
	f.Bool("steps", false, "with --json and --ndjson: every node asked, and who told of it")
}

// wait is how long a command prepares and searches.
type wait struct{ warm, timeout time.Duration }

func waitFrom(v values) (w wait, err error) {
	w = wait{v.duration("warm"), v.duration("timeout")}
	if w.warm < 0 || w.timeout <= 0 {
		return w, errors.New("--warm and --timeout: want a positive duration, such as 10s")
	}
	return w, nil
}

// clock gives each search of a session its time.
type clock struct {
	ctx     context.Context
	timeout time.Duration
	first   time.Time // end of the searches that the command begins with
	joined  bool
}

// join waits for the network and tells errOut why it has to, if so.
func (r *session) join(w wait, errOut io.Writer) clock {
	c := clock{ctx: r.ctx, timeout: w.timeout, first: time.Now().Add(w.timeout + w.warm)}
	joining, cancel := context.WithTimeout(r.ctx, w.timeout)
	defer cancel()
	c.joined = r.WaitJoined(joining)
	r.warn(errOut)
	if w.warm > 0 {
		warming, cancel := context.WithTimeout(r.ctx, w.warm)
		defer cancel()
		<-warming.Done()
		c.joined = r.WaitJoined(joining)
	}
	return c
}

// search returns the context of one search. The time that joining took is part of the first ones; where
// nobody answers none gets more.
func (c *clock) search(first bool) (context.Context, context.CancelFunc) {
	if first || !c.joined {
		return context.WithDeadline(c.ctx, c.first)
	}
	return context.WithTimeout(c.ctx, c.timeout)
}

// each calls do with 0 to n-1, parallel of them at once, and begins none after the end of the session.
func (r *session) each(n, parallel int, do func(i int)) {
	next := make(chan int)
	var workers sync.WaitGroup
	for range min(parallel, n) {
		workers.Go(func() {
			for i := range next {
				do(i)
			}
		})
	}
	for i := 0; i < n && r.ctx.Err() == nil; i++ {
		select {
		case next <- i:
		case <-r.ctx.Done():
		}
	}
	close(next)
	workers.Wait()
}

// search is what a command does that searches once. It prints what it has found to out and what is to be
// said beside that to errOut, and returns what to say with exit code 1 when it is not what was asked for.
type search func(ctx context.Context, r *session, out *output, errOut io.Writer) (failure string, err error)

// searchOnce runs a command that searches once. plan reads its flags, once they have their values.
func searchOnce(cmd *cobra.Command, std streams, plan func(v values) (search, error)) error {
	s, out, err := prepare(cmd, std)
	if err != nil {
		return err
	}
	defer out.discard()
	v := values{cmd.Flags()}
	find, err := plan(v)
	if err != nil {
		return err
	}
	w, err := waitFrom(v)
	if err != nil {
		return err
	}
	r, err := open(cmd, s)
	if err != nil {
		return err
	}
	line := showProgress(std, out, func() string { return standing(r.Snapshot()) })
	clock := r.join(w, line)
	ctx, cancel := clock.search(true)
	failure, err := find(ctx, r, out, line)
	cancel()
	line.stop()
	because := because(r.Snapshot())
	if err := r.conclude(out, std.err, err); err != nil {
		return err
	}
	if failure != "" {
		return &exit{exitNothing, failure + because}
	}
	return nil
}
