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
		Use: "announce HASH --peer-port N", Short: "look up, then announce a peer at this address to the closest nodes",
		Args: oneArg("hash"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return searchOnce(cmd, std, func(v values) (search, error) { return planAnnounce(v, args[0]) })
		},
	}
	f := cmd.Flags()
	networkFlags(f)
	outputFlags(f)
	searchFlags(f)
	f.Uint16("peer-port", 0, "port at which the peer listens; 0 for the UDP port of this node")
	f.Bool("seeder", false, "say that the peer has all of it (BEP 33)")
	return cmd
}

func planAnnounce(v values, arg string) (search, error) {
	hash, err := dhtcore.ParseHash(arg)
	if err != nil {
		return nil, err
	}
	if !v.Changed("peer-port") { // a peer that is none is worse than no announce: there is no default
		return nil, errors.New("no port given: pass --peer-port N with the port at which the peer listens, or 0 for this node's own")
	}
	port, _ := v.GetUint16("peer-port")
	seeder := v.bool("seeder")
	return func(ctx context.Context, r *session, out *output, _ io.Writer) (failure string, err error) {
		l := r.Announce(ctx, hash, port, seeder)
		a := report.NewAnnounce(&l, port, seeder, out.Options)
		if a.Stored == 0 {
			failure = "no node took the announce"
		}
		return failure, out.print(&a)
	}, nil
}
