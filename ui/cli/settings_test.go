package cli

import (
	"testing"

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
		cmd, _, err := newRoot(streams{}, streams{}).Find([]string{"serve"})
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.ParseFlags(append(test.args, "--data", t.TempDir())); err != nil {
			t.Fatal(err)
		}
		s, err := readSettings(cmd)
		if err != nil {
			t.Fatal(err)
		}
		if got := s.explorer.Limits.InboundBytes; got != test.bytes {
			t.Errorf("%q: %v bytes/s, want %v", test.args, got, test.bytes)
		}
	}
}
