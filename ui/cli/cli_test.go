package cli

import (
	"strings"
	"testing"
	"unicode"

	"github.com/spf13/cobra"

	"dhtop/ui/cli/console"
	"dhtop/ui/cli/exit"
)

func TestAnErrorIsPrintedWithoutPasswordsEscapesAndMaskedAddresses(t *testing.T) {
	masked := &cobra.Command{}
	masked.Flags().Bool("mask-ips", true, "")
	for text, want := range map[string]string{
		"unknown command \"postgres://me:secret@h/db\"":       "unknown command \"postgres://me:xxxxx@h/db\"",
		"Postgres://me:sec:ret@x@127.0.0.1:1/db is no store":  "Postgres://me:xxxxx@127.0.0.1:1/db is no store",
		"host=h password=secret user=me":                      "host=h password=xxxxx user=me",
		"postgres://h/db?user=me&password=secret&sslmode=off": "postgres://h/db?user=me&password=xxxxx&sslmode=off",
		"cannot read /tmp/\x1b]0;x\x07\u202e: no such file":   "cannot read /tmp/�]0;x��: no such file",
		"pass postgres://USER:PASSWORD@HOST/DATABASE":         "pass postgres://USER:PASSWORD@HOST/DATABASE",
		"two\nlines": "two\nlines",
	} {
		if got := printableError(&cobra.Command{}, text); got != want {
			t.Errorf("%q is printed as %q; want %q", text, got, want)
		}
	}
	if got := printableError(masked, "cannot listen on 203.0.113.77:6881"); strings.Contains(got, "113.77") {
		t.Errorf("masked: %q", got)
	}
}

func TestAMistypedStoreURLIsNotEchoed(t *testing.T) {
	for _, url := range []string{
		"Postgres://me:s3cret@127.0.0.1:1/db", "host=127.0.0.1 password=s3cret", "mysql://me:s3cret@h/db",
		"postgres://me:s3cret@127.0.0.1:99999/db", "s3cret", "postgres:me:s3cret@h/db",
	} {
		var errOut strings.Builder
		code := run(t.Context(), []string{"export", "--store", url}, console.NewStreams(strings.NewReader(""), &errOut, &errOut))
		if code != exit.Usage || strings.Contains(errOut.String(), "s3cret") || strings.ContainsFunc(strings.TrimSpace(errOut.String()), unicode.IsControl) {
			t.Errorf("%s: exit code %d, %q", url, code, &errOut)
		}
	}
}
