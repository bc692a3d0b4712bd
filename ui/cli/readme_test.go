package cli

import (
	"os"
	"strings"
	"testing"
)

func TestTheCommandsOfTheREADMEAreOnes(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	tried := 0
	for line := range strings.Lines(string(readme)) {
		command, indented := strings.CutPrefix(line, "    ")
		command, _, _ = strings.Cut(command, "  #")
		for part := range strings.SplitSeq(command, " | ") {
			part, _, _ = strings.Cut(part, " < ")
			part, _, _ = strings.Cut(part, " > ")
			args, ours := strings.CutPrefix(strings.TrimSpace(part), "dhtop ")
			if !indented || !ours {
				continue
			}
			tried++
			if err := parses(words(args)); err != nil {
				t.Errorf("%s: %v", part, err)
			}
		}
	}
	if tried < 10 {
		t.Errorf("only %d commands were found", tried)
	}
}

// words splits a command line as a shell does, as far as single quotes go.
func words(line string) (args []string) {
	for i, part := range strings.Split(line, "'") {
		if i%2 == 1 {
			args = append(args, part)
		} else {
			args = append(args, strings.Fields(part)...)
		}
	}
	return args
}

// parses checks a command line as far as that goes without running it.
func parses(args []string) error {
	cmd, rest, err := newRoot(streams{}, streams{}).Find(args)
	if err != nil {
		return err
	}
	if err := cmd.ParseFlags(rest); err != nil {
		return err
	}
	return cmd.ValidateArgs(cmd.Flags().Args())
}
