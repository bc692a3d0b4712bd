package settings

import (
	"testing"

	"github.com/spf13/cobra"

	"dhtop/dhtcore"
)

func TestLiftingTheLimitOnRepliesLiftsTheOneOnTheirBytes(t *testing.T) {
	for _, test := range []struct {
		args  []string
		bytes float64
	}{
		{nil, dhtcore.DefaultLimits().InboundBytes},
		{[]string{"--inbound-rate", "0"}, 0},
		{[]string{"--inbound-rate", "0", "--inbound-bytes", "5000"}, 5000},
		{[]string{"--inbound-rate", "10"}, dhtcore.DefaultLimits().InboundBytes},
	} {
		cmd := &cobra.Command{}
		Define(cmd.Flags(), Network(), Store())
		if err := cmd.ParseFlags(append(test.args, "--data", t.TempDir())); err != nil {
			t.Fatal(err)
		}
		s, err := Of(cmd)
		if err != nil {
			t.Fatal(err)
		}
		if got := s.Explorer.Limits.InboundBytes; got != test.bytes {
			t.Errorf("%q: %v bytes/s, want %v", test.args, got, test.bytes)
		}
	}
}
