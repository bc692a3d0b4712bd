package cli

import (
	"context"
	"io"

	"github.com/spf13/cobra"

	"dhtop/ui/cli/console"
	"dhtop/ui/cli/settings"
)

// invocation is one run of a network command that prints: its flags, the settings that they make, and its
// output.
type invocation struct {
	cmd   *cobra.Command
	std   console.Streams
	flags values
	settings.Settings
	out *console.Output
}

// newInvocation reads the settings of cmd and opens its output. The caller discards the output in the end.
func newInvocation(cmd *cobra.Command, std console.Streams) (*invocation, error) {
	s, err := settings.Read(cmd)
	if err != nil {
		return nil, err
	}
	out, err := console.Open(cmd.Context(), std, s.Output)
	if err != nil {
		return nil, err
	}
	out.Form = s.Form
	return &invocation{cmd, std, values{cmd.Flags()}, s, out}, nil
}

// open opens a session with the settings.
func (c *invocation) open() (*session, error) { return openSession(c.cmd.Context(), c.Settings) }

// search is what a command does in a session. It prints what it finds to the output of the invocation, and remarks
// to errOut. A failure is why it has not found or stored what it was asked for.
type search func(ctx context.Context, s *session, errOut io.Writer) (failure string, err error)

// searchOnce opens a session and runs search in it. A failure ends the command with exit code 1.
func (c *invocation) searchOnce(search search) error {
	s, err := c.open()
	if err != nil {
		return err
	}
	line := console.ShowProgress(c.std, c.out, func() string { return networkProgress(s.Snapshot()) })
	deadlines := s.begin(c.Timing)
	ctx, cancel := deadlines.start(s.ctx, s.Joined())
	failure, err := search(ctx, s, line)
	cancel()
	line.Stop()
	why := s.why()
	if err := s.finish(c.out, c.std.Err, err); err != nil {
		return err
	}
	if failure != "" {
		return nothing(failure, why)
	}
	return nil
}
