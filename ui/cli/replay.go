package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"github.com/spf13/cobra"

	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
	"dhtop/ui"
	"dhtop/ui/cli/console"
	"dhtop/ui/cli/exit"
	"dhtop/ui/cli/settings"
)

func replayCommand(screen, std console.Streams) *cobra.Command {
	cmd := &cobra.Command{
		Use: "replay FILE...", Short: "Explore a recording that --record made, or a capture",
		Long: `Explore a recording that --record made, as if it happened now: space pauses,
{ and } move in time, @ goes to a time, + and - change the speed. Several FILEs, and
those of a directory, play one after another. A recording that grows is followed.

A FILE may be a capture, pcapng or pcap, of any DHT node: tcpdump -i any -w FILE udp.
It shows who asked the node for what, what it looked up, and its packets. The node is
the address with the most messages, or that of --self.

--pcapng writes the packets of a recording for Wireshark, from --at on, each with a
comment that says why it was sent. A recording has packets if it was made with
--record-packets.

Without a terminal, or with --json or --csv, it prints what was seen up to --at: the
summary of a crawl, with the top hashes. --ndjson prints the events from --at on. With
-o alone it writes a recording, from --at on: with --mask-ips one that can be given away.`,
		Args: someArgs("recording"), Example: "dhtop replay last-night.dhtrec --at -15m --speed 10",
		RunE: func(cmd *cobra.Command, args []string) error { return replay(cmd, screen, std, args) },
	}
	explain(cmd, "FILE:  a recording, a directory of them, or a capture")
	f := cmd.Flags()
	f.String("at", "", "Begin at `TIME`; 12:04, 2026-01-02 12:04, +10m after the start or -15m before the end")
	f.Float64("speed", 1, "Play `N` times as fast as it was; 0 begins paused")
	f.Int("top", topLen, "List the top `N` hashes in what is printed")
	f.String("pcapng", "", "Write the packets to `FILE` for Wireshark, - for standard output")
	f.String("self", "", "The `ADDR` of the node that a capture is of, with its port or without")
	settings.Define(f, settings.Screen(), settings.Output(), settings.Pick(settings.Network(), "mask-ips", "for"), settings.Pick(settings.Store(), "config", "data"))
	hide(f, "data")
	return cmd
}

// replaying is one run of replay.
type replaying struct {
	settings.Settings
	paths  []string
	at     string // "" for none
	speed  float64
	top    int
	pcapng string // "" for none
	self   string // "" for a guess
}

func replay(cmd *cobra.Command, screen, std console.Streams, args []string) error {
	s, err := settings.Read(cmd)
	if err != nil {
		return err
	}
	f := cmd.Flags()
	r := replaying{Settings: s, paths: args}
	r.at, _ = f.GetString("at")
	r.speed, _ = f.GetFloat64("speed")
	r.top, _ = f.GetInt("top")
	r.pcapng, _ = f.GetString("pcapng")
	r.self, _ = f.GetString("self")
	switch {
	case r.pcapng != "" && (!s.Form.Plain() || s.Output != ""):
		return errors.New("--pcapng writes nothing but the packets: leave --json, --ndjson, --csv and -o out")
	case !(r.speed >= 0 && r.speed <= ui.FastestReplay):
		return fmt.Errorf("--speed %v: want 0 to %v", r.speed, ui.FastestReplay)
	case r.top < 0 || r.top > dhtcore.MaxHashes:
		return fmt.Errorf("--top %d: want 0 to %d", r.top, dhtcore.MaxHashes)
	}
	captures, err := newCapturesOf(args, r.self)
	if err != nil {
		return err
	}
	defer captures.remove()
	if r.pcapng == "" && s.Form.Plain() && s.Output == "" && console.IsTerminal(screen.Out) {
		return r.show(cmd, screen, captures)
	}
	if r.paths, err = captures.printed(cmd.Context(), std); err != nil {
		if ended := exit.BySignal(cmd.Context()); ended != nil {
			return ended
		}
		return err
	}
	if r.pcapng != "" {
		return r.capture(cmd.Context(), std)
	}
	return r.print(cmd.Context(), std)
}

// show plays the recordings on the screen, which is there while captures are read.
func (r *replaying) show(cmd *cobra.Command, screen console.Streams, captures *capturesOf) error {
	cfg, err := screenConfig(cmd, screen, &r.Settings)
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(cmd.Context())
	if r.For > 0 {
		ctx, stop = context.WithTimeout(cmd.Context(), r.For)
	}
	defer stop()
	opened := make(chan *dhtcore.Playback, 1)
	open := func() (_ ui.Core, err error) {
		if r.paths, err = captures.recordings(ctx); err != nil {
			return ui.Core{}, err
		}
		return r.open(ctx, opened)
	}
	err = ui.RunAll(ctx, []ui.Target{{Open: open, Progress: captures.progress}}, cfg)
	select {
	case p := <-opened:
		p.Close()
	default:
	}
	if ended := exit.BySignal(cmd.Context()); ended != nil {
		return ended
	}
	return err
}

// openPlayback opens recordings. This is where a file of another kind is told from one.
func openPlayback(paths []string) (*dhtcore.Playback, error) {
	p, err := dhtcore.OpenPlayback(paths...)
	switch {
	case errors.Is(err, dhtcore.ErrNoRecording):
		return nil, fmt.Errorf("%w: name a file that --record has made, or a capture (pcapng or pcap)", err)
	case err != nil:
		if failed, is := errors.AsType[*fs.PathError](err); is {
			err = fmt.Errorf("cannot read %s: %w", failed.Path, human.Cause(err))
		}
		return nil, err
	}
	first, _ := p.Span()
	if first.IsZero() {
		p.Close()
		return nil, fmt.Errorf("%s: nothing was recorded yet, or nothing of it is whole", paths[0])
	}
	switch s, _, err := p.At(first); {
	case err != nil:
		p.Close()
		return nil, fmt.Errorf("cannot read %s: %w", paths[0], human.Cause(err))
	case s == nil: // what it holds can be told from damage only by unpacking it
		p.Close()
		return nil, fmt.Errorf("%s: nothing of it is whole: play another copy of it", paths[0])
	}
	return p, nil
}

// start is the moment that --at names, the zero time without it.
func (r *replaying) start(p *dhtcore.Playback) (time.Time, error) {
	if r.at == "" {
		return time.Time{}, nil
	}
	first, last := p.Span()
	at, err := ui.ParseMoment(r.at, first, last)
	if err != nil {
		return at, fmt.Errorf("--at: %w", err)
	}
	return at, nil
}

// open opens the recordings for the screen, and follows them until ctx ends.
func (r *replaying) open(ctx context.Context, opened chan<- *dhtcore.Playback) (ui.Core, error) {
	p, err := openPlayback(r.paths)
	if err != nil {
		return ui.Core{}, err
	}
	opened <- p
	start, err := r.start(p)
	if err != nil {
		return ui.Core{}, err
	}
	snap, _, err := p.At(start)
	if err != nil {
		return ui.Core{}, err
	}
	go p.Follow(ctx)
	return ui.Core{
		Snapshot: func() *dhtcore.Snapshot { return snap },
		Past:     p,
		ReadOnly: "this is a recording: nothing can be sent",
		Replay:   &ui.Replay{Start: start, Speed: r.speed, Next: p.Next, Gaps: p.Gaps},
	}, nil
}
