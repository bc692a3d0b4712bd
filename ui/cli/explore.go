package cli

import (
	"errors"
	"os"

	"github.com/spf13/cobra"

	"dhtop/ui"
	"dhtop/views/theme"
)

// exploreCommand is the terminal explorer, on Mainline or on the embedded network.
func exploreCommand(std streams, use, short string, demo bool) *cobra.Command {
	cmd := &cobra.Command{
		Use: use, Short: short, Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return explore(cmd, std, demo) },
	}
	networkFlags(cmd.Flags())
	screenFlags(cmd.Flags())
	return cmd
}

func explore(cmd *cobra.Command, std streams, demo bool) error {
	if demo {
		cmd.Flags().Set("demo", "true") //nolint:errcheck // a bool flag that exists
	}
	s, err := explorerSettings(cmd)
	if err != nil {
		return err
	}
	if !isTerminal(std.out) || !isTerminal(std.in) {
		return errors.New("the explorer needs a terminal: see 'dhtop crawl', 'peers' and 'serve' for pipes")
	}
	if s.noColor && s.theme == "" {
		s.theme = "mono"
	}
	look, err := theme.Pick(s.theme, os.Getenv)
	if err != nil {
		return err
	}
	s.explorer.Crawl = demo
	r, err := open(cmd, s)
	if err != nil {
		return err
	}
	screenErr := ui.Run(r.ctx, r.Explorer, ui.Config{Theme: look, ASCII: s.ascii, Mask: s.mask})
	if err := r.close(); err != nil {
		return err
	}
	return screenErr
}
