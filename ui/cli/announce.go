package cli

import (
	"context"
	"errors"
	"io"

	"github.com/spf13/cobra"

	"dhtop/dhtcore"
	"dhtop/views/report"
)

func announceCommand(std streams) *cobra.Command {
	cmd := &cobra.Command{
		Use: "announce HASH --peer-port N", Short: "Announce a peer at this address to the nodes closest to a hash",
		Args: oneArg("hash"),
		RunE: func(cmd *cobra.Command, args []string) error { return announce(cmd, std, args[0]) },
	}
	f := cmd.Flags()
	addSettings(f, networkSettings(), storeSettings(), outputSettings(), searchSettings())
	f.Uint16("peer-port", 0, "Announce a peer that listens on port `N`; 0 for the UDP port of this node")
	f.Bool("seeder", false, "Announce the peer as a seed (BEP 33)")
	return cmd
}

func announce(cmd *cobra.Command, std streams, arg string) error {
	c, err := newInvocation(cmd, std)
	if err != nil {
		return err
	}
	defer c.out.discard()
	hash, err := dhtcore.ParseHash(arg)
	if err != nil {
		return err
	}
	if !c.flags.Changed("peer-port") { // no default: announcing a wrong peer is worse than announcing none
		return errors.New("no port given: pass --peer-port N, the port on which the peer listens, " +
			"or 0 for the port of this node")
	}
	port, _ := c.flags.GetUint16("peer-port")
	seeder := c.flags.bool("seeder")
	return c.searchOnce(func(ctx context.Context, s *session, _ io.Writer) (failure string, err error) {
		l := s.Announce(ctx, hash, port, seeder)
		a := report.NewAnnounce(&l, port, seeder, c.out.Options)
		if a.Stored == 0 {
			failure = "no node accepted the announce"
		}
		return failure, c.out.print(&a)
	})
}
