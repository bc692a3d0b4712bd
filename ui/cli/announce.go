package cli

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"sync"

	"github.com/spf13/cobra"

	"dhtop/dhtcore"
	"dhtop/ui/cli/console"
	"dhtop/ui/cli/input"
	"dhtop/ui/cli/settings"
	"dhtop/views/report"
)

func announceCommand(std console.Streams) *cobra.Command {
	cmd := &cobra.Command{
		Use: "announce HASH... --peer-port N", Short: "Announce a peer at this address to the nodes closest to a hash",
		Long: `Announce a peer at this address to the nodes closest to a hash.

HASH is given in every form that "dhtop peers" takes, - for one a line on
standard input too. A hybrid torrent is announced under both its hashes
(BEP 52).

Nodes forget a peer after some 30 minutes. --stay announces it again before
that, until interrupted, and says at how many of the closest nodes it still was.
A renewal takes some 20 to 40 packets: the default limits are enough for about
500 hashes, and it says so when there are too many.`,
		Args:              someArgs("hash"),
		ValidArgsFunction: completeFiles("torrent"),
		Example:           "dhtop announce 2d066c94480adcf5b7ab60065f24e681a57e011f --peer-port 0",
		RunE:              func(cmd *cobra.Command, args []string) error { return announce(cmd, std, args) },
	}
	f := cmd.Flags()
	settings.Define(f, settings.Network(), settings.Store(), settings.Output(), settings.Search())
	explain(cmd, "HASH:     40 or 64 hex digits, 32 base32 characters, a magnet link,\nor a .torrent file")
	hide(f, "names")
	f.Uint16("peer-port", 0, "The peer listens on port `N`; 0 for the UDP port of this node")
	f.Bool("seeder", false, "Announce the peer as a seed (BEP 33)")
	addStayFlags(f, stayPeers)
	return cmd
}

func announce(cmd *cobra.Command, std console.Streams, args []string) error {
	c, err := newInvocation(cmd, std)
	if err != nil {
		return err
	}
	defer c.out.Discard()
	stay, err := c.stayConfig(stayPeers)
	if err != nil {
		return err
	}
	var torrents []dhtcore.Torrent
	if many := !stay.Once || len(args) > 1 || args[0] == "-"; !many {
		if torrents, err = input.ParseTorrents(cmd.Context(), args[0]); err != nil {
			return err
		}
	}
	if !c.flags.Changed("peer-port") { // no default: announcing a wrong peer is worse than announcing none
		return errors.New("no port given: pass --peer-port N, the port on which the peer listens, " +
			"or 0 for the port of this node")
	}
	port, _ := c.flags.GetUint16("peer-port")
	seeder := c.flags.bool("seeder")
	if torrents == nil {
		return c.announceMany(args, stay, port, seeder)
	}
	return c.searchOnce(func(ctx context.Context, s *session, _ io.Writer) (failure string, err error) {
		all := announceAll(ctx, s, torrents, port, seeder, c.out.Options)
		if !slices.ContainsFunc(all, func(a report.Announce) bool { return a.Stored > 0 }) {
			failure = because("no node accepted the announce", all[0].Reason())
		} else if i := slices.IndexFunc(all, func(a report.Announce) bool { return a.Risk.Level == dhtcore.HighRisk }); i >= 0 {
			failure = "others may not find the announce" + doubt(&all[i].Risk)
		}
		return failure, printAnnounces(c.out, all)
	})
}

// announceAll announces to the swarms of all hashes at once: a hybrid torrent has two, with different peers.
func announceAll(ctx context.Context, s *session, torrents []dhtcore.Torrent, port uint16, seeder bool, o report.Options) []report.Announce {
	var all []report.Announce
	for _, t := range torrents {
		all = append(all, make([]report.Announce, len(t.Hashes))...)
	}
	var announces sync.WaitGroup
	n := 0
	for _, t := range torrents {
		for _, hash := range t.Hashes {
			a := &all[n]
			n++
			announces.Go(func() {
				l := s.Persist(ctx, func() dhtcore.LookupState { return s.Announce(ctx, hash, port, seeder) })
				*a = report.NewAnnounce(&l, &t, port, seeder, o)
			})
		}
	}
	announces.Wait()
	ours := s.Snapshot().Nodes // the answers have told
	for i := range all {
		all[i].SetExternal(ours, o)
	}
	return all
}

// doubt says why what was stored may stand at forged nodes, and what to do.
func doubt(r *report.Risk) string {
	return ", as the nodes closest to the hash may be forged: " + strings.Join(r.Reasons, "; ") +
		". Look it up from another network, and try again later"
}

// printAnnounces prints one document, in which the first hash has the others, or a line of NDJSON a hash.
func printAnnounces(out *console.Output, all []report.Announce) error {
	if !out.NDJSON {
		all[0].Also = all[1:]
		return out.Print(&all[0])
	}
	for i := range all {
		if err := out.Print(&all[i]); err != nil {
			return err
		}
	}
	return nil
}
