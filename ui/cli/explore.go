package cli

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"dhtop/ui"
	"dhtop/ui/cli/config"
	"dhtop/ui/cli/console"
	"dhtop/ui/cli/settings"
	"dhtop/ui/terminal"
	"dhtop/views/theme"
)

func mainlineCommand(screen console.Streams) *cobra.Command {
	return exploreCommand(screen, "dhtop", "Explore the BitTorrent DHT in the terminal, like top", false)
}

func demoCommand(screen console.Streams) *cobra.Command {
	return exploreCommand(screen, demoName, "Explore an embedded network; nothing leaves loopback", true)
}

// demoName is the command of the embedded network.
const demoName = "demo"

// exploreCommand is the terminal explorer, on Mainline or on the embedded network.
func exploreCommand(std console.Streams, use, short string, demo bool) *cobra.Command {
	cmd := &cobra.Command{
		Use: use, Short: short, Args: noArgs, Example: "dhtop --port 0 --names top:50",
		RunE: func(cmd *cobra.Command, _ []string) error { return explore(cmd, std, demo) },
	}
	network := settings.Mapping()
	if demo {
		network = settings.Network()
	}
	settings.Define(cmd.Flags(), network, settings.Store(), settings.Record(), settings.Watch(), settings.Screen(), settings.HTTP(settings.HttpOff))
	if demo {
		cmd.Example = "dhtop demo --lab"
		hide(cmd.Flags(), "demo", "bind", "bind-device", "port-map")
		settings.Define(cmd.Flags(), settings.Lab(), settings.Output())
	}
	return cmd
}

// demoNames is how many hashes have their names fetched in the demo, where the peers are no strangers.
const demoNames = 100

func explore(cmd *cobra.Command, std console.Streams, demo bool) error {
	if demo {
		limitDemoMemory()
		cmd.Flags().Set("demo", "true") //nolint:errcheck // a bool flag that exists
	}
	s, err := settings.Read(cmd)
	if err != nil {
		return err
	}
	if s.Demo && !cmd.Flags().Changed("names") {
		s.Explorer.Names = demoNames
	}
	s.Explorer.Crawl = demo
	if s.Headless {
		return headless(cmd, std, s)
	}
	if err := refuseOutput(cmd.Flags()); err != nil {
		return err
	}
	screen, err := screenConfig(cmd, std, &s)
	if err != nil {
		return err
	}
	screen.Lab = s.Lab
	s.Explorer.Recall, s.Explorer.Watch = true, &s.Watch
	if s.Demo {
		s.Explorer.Demo.Tracker = true
	}
	ctx, stop := context.WithCancel(cmd.Context())
	defer stop()
	session := startup{Settings: s, stop: stop, screen: ctx, opened: make(chan openResult, 1), idle: idleFlags(cmd), warning: make(chan string, 1)}
	screenErr := ui.Run(ctx, func() (ui.Core, error) { return session.open(cmd.Context()) }, screen)
	select {
	case warning := <-session.warning:
		fmt.Fprintln(std.Err, "dhtop:", warning)
	default:
	}
	return session.end(cmd.Context(), screenErr)
}

// screenConfig checks the terminal, and returns how the screen starts on it.
func screenConfig(cmd *cobra.Command, std console.Streams, s *settings.Settings) (ui.Config, error) {
	if !console.IsTerminal(std.Out) || !console.IsTerminal(std.In) {
		return ui.Config{}, needsTerminal(s.Demo)
	}
	if err := terminal.Check(os.Getenv("TERM")); err != nil {
		return ui.Config{}, err
	}
	if !cmd.Flags().Changed("ascii") {
		s.ASCII = !terminal.UTF8(os.Getenv)
	}
	if s.NoColor && s.Theme == "" {
		s.Theme = "mono"
	}
	look, err := theme.Pick(s.Theme, os.Getenv)
	if err == nil {
		look, err = look.PickGraphs(s.Graphs, os.Getenv)
	}
	return ui.Config{Theme: look, ASCII: s.ASCII, Mask: s.Form.MaskAddrs, Terminal: terminal.Describe(os.Getenv), Watcher: watcher(s.Explorer.DataDir)}, err
}

// needsTerminal is the error of an explorer in a pipe.
func needsTerminal(demo bool) error {
	if demo {
		return errors.New("the explorer needs a terminal: use 'dhtop demo --headless' or 'dhtop crawl --demo' in a pipe")
	}
	return errors.New("the explorer needs a terminal: use 'dhtop crawl', 'dhtop peers' or 'dhtop serve' in a pipe")
}

// refuseOutput refuses a flag about output on the command line of an explorer on the screen.
func refuseOutput(f *pflag.FlagSet) (err error) {
	f.VisitAll(func(flag *pflag.Flag) {
		if settings.GroupOf(flag) == settings.GroupOutput && config.OnCommandLine(flag) && err == nil {
			err = fmt.Errorf("--%s is for --headless, which runs a scenario without a terminal: pass both", flag.Name)
		}
	})
	return err
}
