package cli

import (
	"context"
	"os"
	"time"

	"github.com/spf13/cobra"

	"dhtop/dhtcore"
	"dhtop/ui/cli/config"
	"dhtop/ui/cli/console"
	"dhtop/ui/cli/exit"
	"dhtop/ui/cli/settings"
	"dhtop/ui/terminal"
	"dhtop/views/report"
)

// examineFor is how long the doctor's node runs, without --for: a node has joined by then, or knows why not.
const examineFor = 10 * time.Second

func doctorCommand(std console.Streams) *cobra.Command {
	cmd := &cobra.Command{
		Use: "doctor", Short: "Say why it is quiet here: one line a check, with a remedy",
		Long: `Run a node for some seconds and say why it is quiet here, or that all is well:
one line a check, with a verdict and a remedy. It ends with 1 if a check fails.
"waiting" is not well yet, but normal so soon: D in the explorer shows the
same checks while it runs.

Where another dhtop uses the data directory, this one runs beside it as a guest.
Up to 200 nodes of the saved table are asked at once, within the limits: their
silence shows whether the provider drops BitTorrent's UDP. The clock is compared
with those of servers that dhtop talks to anyway; nothing is fetched for that.`,
		Args: noArgs, Example: "dhtop doctor --for 30s",
		RunE: func(cmd *cobra.Command, _ []string) error { return doctor(cmd, std) },
	}
	settings.Define(cmd.Flags(), settings.Network(), settings.Store(), settings.Output())
	cmd.Flags().Lookup("for").Usage = "Run the node for `DURATION`; default 10s; 0 runs until interrupted"
	hide(cmd.Flags(), "names", "max-hashes", "keep")
	return cmd
}

func doctor(cmd *cobra.Command, std console.Streams) error {
	c, err := newInvocation(cmd, std)
	if err != nil {
		return err
	}
	defer c.out.Discard()
	c.Explorer.Guest, c.Explorer.Examine, c.Explorer.Recall = true, true, false
	limit := c.For
	if !c.flags.Changed("for") {
		limit = examineFor
	}
	c.For = 0 // the Snapshot is taken before the session ends
	terminal := terminalOf(std.Out)
	s, err := c.open()
	if err != nil {
		d := report.NewDoctor([]dhtcore.Finding{
			{Name: "start", Verdict: dhtcore.VerdictFail, Text: config.WithSource(cmd, withoutPasswords(err.Error()))}, terminal.Finding(),
		}, nil, c.out.Options)
		if err := c.out.Print(&d); err != nil {
			return err
		}
		if err := c.out.Commit(); err != nil {
			return err
		}
		return exit.With(exit.Nothing, "")
	}
	s.confine(cmd.Flags(), &c.Settings)
	line := console.ShowProgress(std, c.out, func() string { return networkProgress(s.Snapshot()) })
	examining, cancel := s.ctx, context.CancelFunc(func() {})
	if limit > 0 {
		examining, cancel = context.WithTimeout(s.ctx, limit)
	}
	<-examining.Done()
	cancel()
	line.Stop()
	last := s.Snapshot()
	d := report.NewDoctor(append(dhtcore.Diagnose(last), terminal.Finding()), last, c.out.Options)
	err = c.out.Print(&d)
	s.log = settings.LogError // the findings have said it
	if err := s.finish(c.out, std.Err, err); err != nil {
		return err
	}
	if !d.OK() {
		return exit.With(exit.Nothing, "")
	}
	return nil
}

// terminalOf returns what the terminal that w is can show; the zero value where it is none.
func terminalOf(w any) dhtcore.Terminal {
	width, height := console.Size(w)
	if width == 0 {
		return dhtcore.Terminal{}
	}
	t := terminal.Describe(os.Getenv)
	t.Width, t.Height = width, height
	return t
}
