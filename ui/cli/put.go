package cli

import (
	"cmp"
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"dhtop/dhtcore"
	"dhtop/ui/cli/console"
	"dhtop/ui/cli/exit"
	"dhtop/ui/cli/input"
	"dhtop/ui/cli/settings"
	"dhtop/views/report"
)

func putCommand(std console.Streams) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "put [VALUE]",
		Short: "Store an item (BEP 44)",
		Long: `Store VALUE, a text or - for standard input, in the DHT (BEP 44). It is stored
as a bencoded string unless --bencoded says that it is bencoded already.

The item is immutable. With --key-file it is mutable: it belongs to the key
and --salt, and a later put replaces it. Nodes forget an item after two hours,
so put it again before that.

--pkarr stores DNS records instead of VALUE (Pkarr), each NAME TTL TYPE VALUE
with a name relative to the key, or @ for the key itself. They replace those
that the key had before.

--stay puts the item again every hour, until interrupted, and says how many of
the closest nodes still had it. A newer version that somebody else has put is
not overwritten.

--file names many items instead, one a line: what "dhtop get" takes as a TARGET,
or what "dhtop get --ndjson" prints. They are put as their owners have signed
them; no key is needed. Of a TARGET the newest version that is found is kept.`,
		Args:    putArgs,
		Example: "dhtop put 'hello'",
		RunE:    func(cmd *cobra.Command, args []string) error { return put(cmd, std, strings.Join(args, "")) },
	}
	f := cmd.Flags()
	settings.Define(f, settings.Network(), settings.Store(), settings.Output(), settings.Search())
	explain(cmd, "VALUE:    a text of up to 1,000 bytes, or - for standard input")
	hide(f, "names")
	f.Bool("bencoded", false, "VALUE is bencoded already; store it as it is")
	f.String("key-file", "", "Store a mutable item of the ed25519 key in `FILE`")
	f.Bool("new-key", false, "Create the key first; FILE must not exist")
	f.String("salt", "", "Tell the mutable items of one key apart by `TEXT`")
	f.Int64("seq", 0, "Give a mutable item sequence number `N`; default one more than the version found, or 0")
	f.StringArray("pkarr", nil, "Store the DNS record `RECORD` of the key; repeatable, such as '@ 300 A 192.0.2.7'")
	f.String("file", "", "Put the items that the lines of `FILE` name; - for standard input")
	addStayFlags(f, stayItems)
	f.Int64("cas", 0, "Replace a mutable item only if it has number `N`")
	settings.SetGroup(f, settings.GroupSearch, "cas")
	return cmd
}

func put(cmd *cobra.Command, std console.Streams, arg string) error {
	c, err := newInvocation(cmd, std)
	if err != nil {
		return err
	}
	defer c.out.Discard()
	stay, err := c.stayConfig(stayItems)
	if err != nil {
		return err
	}
	if path := c.flags.string("file"); path != "" {
		return c.putMany(path, stay)
	}
	it, err := itemFrom(c.flags)
	if err != nil {
		return err
	}
	lines, _ := c.flags.GetStringArray("pkarr")
	if len(lines) == 0 {
		if it.Value, err = readValue(cmd.Context(), arg, std.In, c.flags.bool("bencoded")); err != nil {
			return err
		}
	}
	var sign func(*dhtcore.Item)
	if path := c.flags.string("key-file"); path != "" {
		key, err := input.ReadKey(path, c.flags.bool("new-key"))
		if err != nil {
			return err
		}
		it.Key = []byte(key.Public().(ed25519.PublicKey))
		if err := setRecords(it, lines, time.Now()); err != nil {
			return err
		}
		sign = func(it *dhtcore.Item) { it.Sign(key) }
	}
	if !stay.Once {
		return c.putAndStay(it, sign, stay)
	}
	return c.searchOnce(func(ctx context.Context, s *session, _ io.Writer) (failure string, err error) {
		var putErr error
		l := s.Persist(ctx, func() (l dhtcore.LookupState) { l, putErr = s.Put(ctx, it, sign); return l })
		p := report.NewPut(&l, it, c.out.Options)
		p.SetExternal(s.Snapshot().Nodes, c.out.Options)
		failure = putFailure(&p.Storing, cmp.Or(putErr, ctx.Err()))
		late := putErr == nil || errors.Is(putErr, context.DeadlineExceeded)
		if failure != "" && late && s.Why() != "" && s.Snapshot().Outage.Kind != dhtcore.NoHosts {
			failure = "no node stored the item" // time is not what is missing, and what is follows
		}
		if failure == "" && p.Risk.Level == dhtcore.HighRisk {
			failure = "others may not find the item" + doubt(&p.Risk)
		}
		return failure, c.out.Print(&p)
	})
}

// putFailure says why a put failed; "" when it did not.
func putFailure(at *report.Storing, err error) string {
	switch {
	case errors.Is(err, dhtcore.ErrNewer):
		return err.Error() + ": pass a higher --seq, or none"
	case errors.Is(err, dhtcore.ErrConflict):
		return err.Error() + ": get it, and pass --cas with its sequence number"
	case at.Stored > 0:
		return ""
	case errors.Is(err, context.DeadlineExceeded):
		return "no node stored the item in time: pass a longer --timeout or --for"
	case err != nil:
		return "no node stored the item: " + err.Error()
	}
	return because("no node stored the item", at.Reason())
}

// because adds a reason to a sentence, where there is one.
func because(what, why string) string {
	if why == "" {
		return what
	}
	return what + ": " + why
}

// itemFrom returns an item with what the flags say of a mutable one.
func itemFrom(v values) (*dhtcore.Item, error) {
	it := &dhtcore.Item{HasSeq: v.Changed("seq"), HasCAS: v.Changed("cas")}
	it.Seq, _ = v.GetInt64("seq")
	it.CAS, _ = v.GetInt64("cas")
	if salt := v.string("salt"); salt != "" {
		it.Salt = []byte(salt)
	}
	switch {
	case len(it.Salt) > dhtcore.MaxSalt:
		return nil, fmt.Errorf("--salt has %d bytes: at most %d are allowed", len(it.Salt), dhtcore.MaxSalt)
	case it.Seq < 0 || it.CAS < 0:
		return nil, errors.New("--seq and --cas: want numbers that are not negative")
	case v.string("key-file") == "" && (it.HasSeq || it.HasCAS || it.Salt != nil || v.bool("new-key")):
		return nil, errors.New("--salt, --seq, --cas and --new-key are for mutable items: pass --key-file as well")
	}
	return it, nil
}

// readValue returns the bencoded value that arg stands for.
func readValue(ctx context.Context, arg string, in io.Reader, isBencoded bool) (value []byte, err error) {
	value = []byte(arg)
	if arg == "-" {
		var read []byte
		err := exit.Interruptible(ctx, func() (err error) {
			read, err = io.ReadAll(io.LimitReader(in, dhtcore.MaxValue+1))
			return err
		})
		if err != nil {
			return nil, fmt.Errorf("standard input: %w", err)
		}
		value = read
	}
	if !isBencoded {
		value = bencoded(value)
	}
	if len(value) > dhtcore.MaxValue {
		return nil, fmt.Errorf("the value is too long: at most %d bytes are allowed, bencoded", dhtcore.MaxValue)
	}
	if _, ok := report.Value(value); !ok {
		return nil, errors.New("--bencoded: the value is not bencode in its canonical form: " +
			"sort the keys and drop leading zeros")
	}
	return value, nil
}
