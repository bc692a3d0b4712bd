package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
	"dhtop/ui"
	"dhtop/ui/attach"
	"dhtop/ui/cli/config"
	"dhtop/ui/cli/console"
	"dhtop/ui/cli/exit"
	"dhtop/ui/cli/settings"
	"dhtop/views/screen"
)

// attachName is the command, and the table of the file with its settings.
const attachName = "attach"

func attachCommand(std console.Streams) *cobra.Command {
	cmd := &cobra.Command{
		Use: attachName + " [TARGET...]", Short: "Explore a dhtop that runs elsewhere",
		Long: `Explore a dhtop that runs elsewhere: "dhtop serve", "dhtop crawl" or the
explorer on another terminal. Each of any number of screens has its own order,
filters and details. q ends the screen alone: the node goes on.

Without TARGET it is the dhtop of this data directory, which needs no set-up.
Several targets are several screens; ) and ( turn them, alt and a digit picks one.

A dhtop at http://HOST:PORT takes commands from screens that have its token, which
is in its data directory; the others look on. The token is read from that of this
data directory for a dhtop on this machine, else from --token-file or from DHTOP_TOKEN.

A table [targets] of the configuration file names some: see 'dhtop config --default'.`,
		ValidArgsFunction: completeTargets,
		Example:           "dhtop attach http://10.0.0.1:6880 --token-file seedbox.token",
		RunE:              func(cmd *cobra.Command, args []string) error { return attachScreen(cmd, std, args) },
	}
	explain(cmd, "TARGET:  unix:PATH, http://HOST:PORT, or a name in the table [targets] of the\nconfiguration file")
	cmd.Flags().String("token-file", "", "Send the token in `FILE`; without it, the one in DHTOP_TOKEN")
	settings.Define(cmd.Flags(), settings.Screen(), settings.Pick(settings.Network(), "bind-device", "mask-ips", "for"), settings.Pick(settings.Store(), "data", "config"))
	return cmd
}

// attachScreen shows the nodes that args name.
func attachScreen(cmd *cobra.Command, std console.Streams, args []string) error {
	s, err := settings.Read(cmd)
	if err != nil {
		return err
	}
	targets, err := readTargets(cmd, &s, args)
	if err != nil {
		return err
	}
	if !console.IsTerminal(std.Out) || !console.IsTerminal(std.In) {
		return errors.New("attach needs a terminal: in a pipe, ask the HTTP API of that dhtop, such as /api/v1/stats")
	}
	cfg, err := screenConfig(cmd, std, &s)
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(cmd.Context())
	if s.For > 0 {
		ctx, stop = context.WithTimeout(cmd.Context(), s.For)
	}
	defer stop()
	base := attach.Config{Version: version(), Device: s.Explorer.BindDevice}
	if base.Dial, err = dialTo(base.Device, targets...); err != nil {
		return err
	}
	nodes := make([]ui.Target, len(targets))
	for i, t := range targets {
		nodes[i] = ui.Target{Name: t.name, Open: func() (ui.Core, error) { return t.open(ctx, base), nil }}
	}
	err = ui.RunAll(ctx, nodes, cfg)
	if ended := exit.BySignal(cmd.Context()); ended != nil {
		return ended
	}
	return err
}

// dialTo returns what connects to targets, by the network interface device alone, "" for any. Sockets need none.
func dialTo(device string, targets ...target) (attach.Dial, error) {
	if !slices.ContainsFunc(targets, func(t target) bool { return !t.at.Socket() }) {
		return nil, nil
	}
	return dhtcore.DialBy(device)
}

// open attaches to a target, in the background, until ctx ends. cfg has all but the token.
func (t target) open(ctx context.Context, cfg attach.Config) ui.Core {
	cfg.Token = t.token
	core := attach.Open(ctx, t.at, cfg).Core()
	link := core.Link
	core.Link = func() screen.Link {
		l := link()
		l.Name = t.name
		if t.holder != nil {
			l.Name = t.holder()
		}
		return l
	}
	return core
}

// How long the explorer waits for the dhtop that uses its data directory to take it, and how often it looks: it may be about
// to start.
const (
	attachPatience = 10 * time.Second
	attachPause    = 250 * time.Millisecond
)

// attachInstead attaches to the node that uses the data directory. It reports whether there is one that can be attached to.
func (s *startup) attachInstead() (core ui.Core, ok bool) {
	dir := s.Explorer.DataDir
	if dir == "" || s.Demo || !attachable(dir) {
		return core, false
	}
	core = ownTarget(dir).open(s.screen, attach.Config{Version: version()})
	if s.For > 0 {
		time.AfterFunc(s.For, s.stop)
	}
	if len(s.idle) > 0 {
		says := fmt.Errorf("attached to %s, which has settings of its own: %s %s no effect here", core.Link().Name, listWords(s.idle), human.Plural(len(s.idle), "has", "have"))
		s.warning <- says.Error()
		late := core.Late
		core.Late = func() (err error) {
			if err, says = says, nil; err != nil {
				return err
			}
			return late()
		}
	}
	return core, true
}

// heldHere are the flags of the explorer that keep their meaning where it shows a node that runs elsewhere, besides those
// of the screen.
var heldHere = []string{"data", "config", "mask-ips", "for", "log-level"}

// idleFlags are the flags on the command line that mean nothing to an explorer that shows a node that runs elsewhere.
func idleFlags(cmd *cobra.Command) (idle []string) {
	for _, name := range settingsOf(cmd.Flags()) {
		if f := cmd.Flags().Lookup(name); config.OnCommandLine(f) && settings.GroupOf(f) != settings.GroupScreen && !slices.Contains(heldHere, name) {
			idle = append(idle, "--"+name)
		}
	}
	return idle
}

// listWords writes a list as people do: "one, two and three".
func listWords(words []string) string {
	last := len(words) - 1
	if last < 1 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:last], ", ") + " and " + words[last]
}
