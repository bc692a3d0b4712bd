// Package ui is the terminal program: keys in, frames out. Run is its only way in; ui/cli calls it
// with what opens an Explorer and sets it running.
//
// Data goes down as Snapshots, which the Model pulls on a tick of its own pace; the core never sends
// into the program, as Bubble Tea draws once a message and would drown. Keys go through one table,
// Actions, which is also the help, the hint line and the key table of the README; what they do to the
// network is a method call on the Explorer, and what comes of it is seen in the next Snapshot. The
// screen itself is made by package views out of the Snapshot and the State that the Model keeps.
// Everything here but the writing of files runs on Bubble Tea's one goroutine, so there is no lock
// but the one around the terminal. A crash of any goroutine is looked after by a second process, see
// WatchForCrash.
package ui

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/term"

	"dhtop/dhtcore"
	"dhtop/views/screen"
	"dhtop/views/theme"
)

// Config is how the screen starts.
type Config struct {
	Theme *theme.Theme // nil picks one by the environment
	ASCII bool         // draw with ASCII only
	Mask  bool         // start with addresses masked

	Input  io.Reader // keys; nil for the terminal
	Output *os.File  // nil for stdout; must be a terminal

	Watcher []string // a command that calls WatchForCrash on its stdin and stdout; nil for none
}

// Run shows a splash at once and then the explorer that open opens, until the user quits, the terminal is
// lost or ctx ends, as it should with a signal, and restores the terminal. The end of ctx is no error:
// whoever owns the Explorer knows why. The Explorer goes on running; it may be still to be opened when the
// user has not waited for it. The error of open ends Run, too.
func Run(ctx context.Context, open Opener, cfg Config) error {
	if cfg.Output == nil {
		cfg.Output = os.Stdout
	}
	if !term.IsTerminal(cfg.Output.Fd()) {
		return errors.New("the explorer needs a terminal: use 'dhtop crawl', 'dhtop peers' or 'dhtop serve' in a pipe")
	}
	if cfg.Theme == nil {
		th, err := theme.Pick("", os.Getenv)
		if err != nil {
			return err
		}
		cfg.Theme = th
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop() // ends the tick that may be pending, too

	out := newTerminal(cfg.Output, stop)
	m := newModel(ctx, core{}, cfg, out)
	m.startup.opener = open
	opts := []tea.ProgramOption{tea.WithContext(ctx), tea.WithoutSignalHandler(), tea.WithOutput(out),
		tea.WithoutRenderer()}
	if len(cfg.Watcher) > 0 {
		if leave, err := standBy(cfg.Watcher, cfg.Output); err == nil {
			defer leave()
			debug.SetTraceback("all") // who hangs or holds a lock is in the other stacks
			opts = append(opts, tea.WithoutCatchPanics())
		}
	}
	if cfg.Input != nil {
		opts = append(opts, tea.WithInput(cfg.Input))
	}
	m.kbd.f = os.Stdin
	if f, is := cfg.Input.(*os.File); is {
		m.kbd.f = f
	}
	if err := m.kbd.makeRaw(); err != nil {
		return fmt.Errorf("terminal: %w", err)
	}
	defer m.kbd.restore()
	resized := make(chan os.Signal, 1)
	notifyResize(resized)
	defer signal.Stop(resized)
	out.WriteString(enterScreen + enableMouse) //nolint:errcheck // out tells of a terminal that is gone
	_, err := tea.NewProgram(&renderer{Model: m, out: out, resized: resized}, opts...).Run()
	out.WriteString(leaveScreen) //nolint:errcheck // as above
	switch {
	case m.startup.err != nil:
		return m.startup.err
	case ctx.Err() != nil && !errors.Is(err, tea.ErrProgramPanic):
		return nil
	case err != nil:
		return fmt.Errorf("terminal: %w", err)
	}
	if m.keepFrame {
		_, err = fmt.Fprint(cfg.Output, strings.ReplaceAll(m.View()+"\n", "\n", "\r\n"))
	}
	return err
}

// core is what the screen asks of an Explorer. Tests put their own functions in its place.
type core struct {
	snapshot       func() *dhtcore.Snapshot
	startLookup    func(dhtcore.ID) error
	startAnnounce  func(hash dhtcore.ID, port uint16) error
	startFetchName func(dhtcore.ID) error
	setCrawl       func(bool)
	scaleLimits    func(factor float64) dhtcore.Limits
	zoomCrawl      func(prefix byte) screen.CrawlCells
	watchPackets   func(on bool, f *dhtcore.PacketFilter)
	startPing      func(addr netip.AddrPort, id dhtcore.ID, times int) error
	stopPing       func()
	rankBy         func(dhtcore.Order)
	watchHash      func(dhtcore.ID)
	parseHash      func(string) (dhtcore.ID, error)
	note           func(text string)
}

func coreOf(e *dhtcore.Explorer) core {
	return core{snapshot: e.Snapshot, startLookup: e.StartLookup, startAnnounce: e.StartAnnounce,
		startFetchName: e.StartFetchName, setCrawl: e.SetCrawl,
		scaleLimits: e.ScaleLimits, zoomCrawl: e.ZoomCrawl, parseHash: dhtcore.ParseHash, note: e.Note, watchPackets: e.WatchPackets,
		startPing: e.StartPing, stopPing: e.StopPing, rankBy: e.RankBy, watchHash: e.WatchHash}
}
