package cli

import (
	"context"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/spf13/pflag"

	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
	"dhtop/ui/cli/console"
	"dhtop/ui/cli/exit"
	"dhtop/ui/cli/settings"
	"dhtop/views/report"
)

// stayKind is what --stay keeps: its words, and how often it is renewed.
type stayKind struct {
	noun, nouns string
	peers       bool
	every       time.Duration // by default
	least, life time.Duration // the bounds of --every; nodes forget after life
}

var (
	stayPeers = stayKind{"hash", "hashes", true, dhtcore.AnnounceEvery, 5 * time.Minute, dhtcore.PeerLife}
	stayItems = stayKind{"item", "items", false, dhtcore.ItemEvery, 10 * time.Minute, dhtcore.ItemLife}
)

// maxStay is how many things one command keeps.
const maxStay = 100_000

// maxUnread is how many lines wait for a reader that does not keep up. More are left out: what is kept must not wait.
const maxUnread = 1000

// addStayFlags adds the flags of what keeps things.
func addStayFlags(f *pflag.FlagSet, k stayKind) {
	f.Bool("stay", false, "Renew until interrupted what would expire")
	f.Duration("every", k.every, "Renew every `DURATION`, with --stay")
	f.Int("parallel", defaultParallel, "Run `N` lookups at once, where there are many")
	settings.SetGroup(f, settings.GroupSearch, "every", "parallel")
}

// stayConfig reads the flags of addStayFlags.
func (c *invocation) stayConfig(k stayKind) (cfg dhtcore.RepublisherConfig, err error) {
	cfg.Once = !c.flags.bool("stay")
	if cfg.Parallel, err = c.parallel(); err != nil {
		return cfg, err
	}
	cfg.Every, _ = c.flags.GetDuration("every")
	least := k.least
	if c.Demo {
		least = time.Second
	}
	switch {
	case c.flags.Changed("every") && cfg.Once:
		return cfg, fmt.Errorf("--every is for what stays: pass --stay as well")
	case cfg.Every < least || cfg.Every > k.life:
		return cfg, fmt.Errorf("--every %s: want %s to %s, as nodes forget after that", cfg.Every, least, k.life)
	}
	return cfg, nil
}

// stayer keeps things in the DHT and reports what it does.
type stayer struct {
	*session
	*console.Output
	kind      stayKind
	cfg       dhtcore.RepublisherConfig
	limits    dhtcore.Limits
	published *dhtcore.Republisher
	printer   *console.Printer
	errOut    io.Writer
	reason    string // why nothing may have been stored
	// document is that of one renewal where everything is stored once; nil for none.
	document func(r *dhtcore.Renewal) report.Document

	mu      sync.Mutex        // guards what follows
	all     []report.Document // for --json, by entry, where everything is stored once
	begun   bool              // the header of the CSV is written
	bad     int               // lines of input that name nothing
	queued  int               // lines that may not be printed yet
	printed <-chan struct{}
	leftOut int
	warned  int // entries at the last warning
}

// stay keeps what feed adds, or stores it once. feed runs in a goroutine of its own until ctx ends or there is no more.
func (c *invocation) stay(kind stayKind, cfg dhtcore.RepublisherConfig, feed func(ctx context.Context, s *stayer)) (*stayer, error) {
	s := &stayer{Output: c.out, kind: kind, cfg: cfg, limits: c.Explorer.Limits}
	var err error
	if s.session, err = c.open(); err != nil {
		return nil, err
	}
	started := time.Now()
	s.cfg.Renewed = s.renewed
	s.published = s.NewRepublisher(s.cfg)
	line := console.ShowProgress(c.std, c.out, s.progress)
	s.errOut = line
	deadlines := s.begin(c.Timing)
	s.printer = console.StartPrinter(c.out, s.cancel)
	ctx, cancel := context.WithCancel(s.ctx)
	var work sync.WaitGroup
	work.Go(func() {
		defer s.published.Close()
		feed(ctx, s)
	})
	work.Go(func() {
		joining, stop := deadlines.start(ctx, false)
		defer stop()
		<-joining.Done()
		s.warn(line)
		if cfg.Once && !s.Joined() {
			cancel()
		}
	})
	s.published.Run(ctx)
	cancel()
	work.Wait()
	line.Stop()
	s.reason = s.why()
	end := report.NewStay(s.published, kind.peers, cfg.Every, started, time.Now(), s.leftOut, c.out.Options)
	s.printEnd(&end)
	return s, s.finish(c.out, c.std.Err, s.printer.Close())
}

// verdict is the error of a command that has ended by itself: nil if everything is stored.
func (s *stayer) verdict() error {
	t := s.published.Totals()
	missing := t.Entries - t.States[dhtcore.KeptAlive]
	switch {
	case t.Entries == 0 && s.bad == 0:
		return nothing("nothing was stored", s.reason)
	case t.Entries > 0 && missing == t.Entries:
		return nothing("no node stored any of "+human.Amount(t.Entries, s.kind.noun, s.kind.nouns), s.reason)
	case missing > 0:
		return exit.With(exit.Nothing, fmt.Sprintf("%d of %s are not stored: see above", missing, human.Amount(t.Entries, s.kind.noun, s.kind.nouns)))
	case s.bad > 0:
		return exit.With(exit.Nothing, unreadable(s.bad))
	}
	return nil
}

// unreadable says that lines of the input were skipped.
func unreadable(lines int) string {
	return human.Amount(lines, "line", "lines") + " of the input could not be read: see above"
}

// full reports whether nothing more can be added, and says so.
func (s *stayer) full() bool {
	if s.published.Totals().Entries < maxStay {
		return false
	}
	s.reportBad(0, errFull, errFull)
	return true
}

var errFull = fmt.Errorf("at most %s can be kept: the rest is left out, start a second dhtop for it", human.Amount(maxStay, "entry", "entries"))
