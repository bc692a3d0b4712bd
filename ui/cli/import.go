package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"

	"github.com/spf13/cobra"

	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
	"dhtop/ui/cli/console"
	"dhtop/ui/cli/exit"
	"dhtop/ui/cli/settings"
	"dhtop/views/report/reader"
)

func importCommand(std console.Streams) *cobra.Command {
	cmd := &cobra.Command{
		Use: "import FILE...", Short: "Add what other stores counted, from their exports",
		Long: `Add what other stores counted to this store, from files that export wrote as
CSV, JSON or NDJSON, or from the top list that crawl wrote as JSON or NDJSON.
A FILE of - stands for standard input.

An export says which store counted what, and the counts of a store only grow.
So importing a file twice changes nothing, a later export of the same store
adds what is new, and the exports of different stores add up. A file with an
error can be fixed and imported again.

Exports contain no IP addresses, and import prints none.`,
		Args:              someArgs("file"),
		ValidArgsFunction: completeFiles("csv", "json", "ndjson"),
		Example:           "dhtop import friend.csv other.ndjson",
		RunE:              func(cmd *cobra.Command, args []string) error { return importFiles(cmd, std, args) },
	}
	f := cmd.Flags()
	settings.Define(f, settings.Store(), settings.Pick(settings.Network(), "bind-device"))
	explain(cmd, "FILE:     what export wrote as CSV, JSON or NDJSON, or crawl as JSON or NDJSON;\n- for standard input")
	f.String("origin", "", "Count rows without an origin for the store `NAME`")
	return cmd
}

func importFiles(cmd *cobra.Command, std console.Streams, names []string) error {
	s, err := settings.Read(cmd)
	if err != nil {
		return err
	}
	v := values{cmd.Flags()}
	if s.Explorer.Store == "none" {
		return errors.New("--store none keeps nothing: pass sqlite:PATH or postgres://USER@HOST/DATABASE")
	}
	var origin *dhtcore.StoreOrigin
	if name := v.string("origin"); name != "" {
		named := dhtcore.NamedOrigin(name)
		origin = &named
	}
	total := 0
	for _, name := range names {
		read, changed, err := importFile(cmd.Context(), std, name, s.Explorer, origin)
		if exit.BySignal(cmd.Context()) != nil {
			return exit.BySignal(cmd.Context())
		}
		if err != nil {
			return err
		}
		fmt.Fprintf(std.Out, "%s: %d %s read, %d of them new or higher\n",
			dhtcore.Printable(name), read, human.Plural(read, "count", "counts"), changed)
		total += read
	}
	if total == 0 {
		return exit.With(exit.Nothing, "nothing to import")
	}
	return nil
}

// importFile imports one file. It returns how many counts of one hash by one store it has, and how many were new.
func importFile(
	ctx context.Context, std console.Streams, name string, cfg dhtcore.Config, origin *dhtcore.StoreOrigin,
) (read, changed int, err error) {
	var in io.Reader = std.In
	if name != "-" {
		file, err := os.Open(name)
		if err != nil {
			return 0, 0, fmt.Errorf("cannot read %s: %w", name, human.Cause(err))
		}
		defer file.Close() //nolint:errcheck // it was only read
		in = file
	}
	var bad error // of the file, not of the store
	changed, err = dhtcore.Import(ctx, cfg, counted(reader.Stored(in, origin), &read, &bad))
	if bad != nil {
		err = fmt.Errorf("%s: %w", name, bad)
	}
	return read, changed, err
}

// counted passes parts on, counts them in n, and stores the error that ends them in bad.
func counted(parts iter.Seq2[dhtcore.StorePart, error], n *int, bad *error) iter.Seq2[dhtcore.StorePart, error] {
	return func(yield func(dhtcore.StorePart, error) bool) {
		for p, err := range parts {
			if err != nil {
				*bad = err
			} else {
				*n++
			}
			if !yield(p, err) {
				return
			}
		}
	}
}
