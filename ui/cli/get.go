package cli

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"dhtop/dhtcore"
	"dhtop/dhtcore/pkarr"
	"dhtop/ui/cli/console"
	"dhtop/ui/cli/input"
	"dhtop/ui/cli/settings"
	"dhtop/views/report"
)

func getCommand(std console.Streams) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "get TARGET",
		Short: "Fetch an item (BEP 44)",
		Long: `Fetch an item from the DHT (BEP 44) and print its value: described on a
terminal, otherwise the bytes of a string as they are and any other value as
bencode.

TARGET is the target of the item, 40 hexadecimal digits. For a mutable item it
may also be the public key, 64 hexadecimal digits, or a magnet link with
xs=urn:btpk: (BEP 46).

pk: and a public key in z-base-32 name the DNS records that its owner has
published (Pkarr). They are printed as in a zone file, each name relative to
the key, and below them which of the nodes closest to the target has which
version.`,
		Args:    oneArg("target"),
		Example: "dhtop get pk:o4dksfbqk85ogzdb5osziw6befigbuxmuxkuxq8434q89uj56uyy",
		RunE:    func(cmd *cobra.Command, args []string) error { return get(cmd, std, args[0]) },
	}
	f := cmd.Flags()
	settings.Define(f, settings.Network(), settings.Store(), settings.Output(), settings.Search())
	explain(cmd, "TARGET:   40 hex digits, or of a mutable item its public key, 64 hex digits,\na magnet link with xs=urn:btpk:, or pk: and the key in z-base-32")
	hide(f, "names")
	f.String("salt", "", "Salt `TEXT` of a mutable item")
	f.Int64("seq", 0, "Reject versions of a mutable item below number `N`")
	f.Bool("bencoded", false, "Print the value as it is stored; even if it is a string")
	return cmd
}

func get(cmd *cobra.Command, std console.Streams, arg string) error {
	c, err := newInvocation(cmd, std)
	if err != nil {
		return err
	}
	defer c.out.Discard()
	target, salt, err := input.ParseTarget(arg, c.flags.string("salt"))
	if err != nil {
		return err
	}
	seq, _ := c.flags.GetInt64("seq")
	bencoded, records := c.flags.bool("bencoded"), pkarr.IsKey(arg)
	return c.searchOnce(func(ctx context.Context, s *session, errOut io.Writer) (failure string, err error) {
		l := s.Persist(ctx, func() dhtcore.LookupState { return s.Get(ctx, target, salt) })
		if l.Item != nil && l.Item.Mutable() && l.Item.Seq < seq {
			failure = fmt.Sprintf("the newest version found has sequence number %d, below --seq %d", l.Item.Seq, seq)
			l.Item, l.ItemFrom = nil, nil
		} else if l.Item == nil {
			failure = "no item found"
		}
		if !c.out.Plain() || !bencoded && (records || c.out.OnTerminal()) {
			g := report.NewGet(&l, c.out.Options)
			if records {
				g.ExpectRecords()
			}
			return failure, c.out.Print(&g)
		}
		if c.LogLevel < settings.LogInfo {
			errOut = io.Discard
		}
		return failure, writeValue(c.out, errOut, l.Item, bencoded)
	})
}

// writeValue writes the value of an item for programs. It reports a torrent that the item points to on errOut.
// Without an item, an output file stays as it is, as an empty file would be a value, too.
func writeValue(out *console.Output, errOut io.Writer, it *dhtcore.Item, bencoded bool) error {
	if it == nil {
		out.Discard()
		return nil
	}
	if hash, ok := it.Pointer(); ok {
		fmt.Fprintf(errOut, "dhtop: the item points to the torrent %s (BEP 46)\n", hash) // the value matters
	}
	value := it.Value
	if content, ok := report.Content(value); ok && !bencoded {
		value = content
	}
	_, err := out.Write(value)
	return err
}
