// Package cli is the command line of dhtop: its commands and flags, its configuration, its exit codes.
//
// main calls Main with the arguments and streams of the process; tests use their own. Each command is a file and
// a row of the table in root.go. It opens a session (session.go), which is a dhtcore.Explorer that runs, until it
// is done or interrupted, and prints Snapshots through views/report or gives them to package ui. The flags that
// commands share are the settings, in package settings; where their values come from is package config. Package console
// has what they read and write, package exit how they end. Errors are printed in one place, here.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"

	"github.com/spf13/cobra"

	"dhtop/ui/cli/config"
	"dhtop/ui/cli/console"
	"dhtop/ui/cli/exit"
	"dhtop/views/report"
)

// Main runs the command that args name and returns the process's exit code.
func Main(args []string, in io.Reader, out, errOut io.Writer) int {
	ctx, stop := exit.WithSignals(context.Background())
	defer stop()
	if out == os.Stdout {
		ctx = context.WithValue(ctx, processKey{}, true)
	}
	return run(ctx, args, console.NewStreams(in, out, errOut))
}

// run is Main until ctx ends.
func run(ctx context.Context, args []string, screen console.Streams) int {
	std := screen.WithDeadline(ctx)
	root := newRoot(screen, std)
	root.SetArgs(args)
	if isCompletion(args) {
		prepareCompletion(root)
	}
	cmd, err := root.ExecuteContextC(ctx)
	var e *exit.Error
	switch {
	case err == nil:
		return exit.Done
	case errors.As(err, &e):
		if e.Text != "" {
			fmt.Fprintln(std.Err, "dhtop:", printableError(cmd, config.WithSource(cmd, e.Text)))
		}
		return e.Code
	}
	fmt.Fprintln(std.Err, "dhtop:", printableError(cmd, config.WithSource(cmd, err.Error())))
	return exit.Usage
}

// printableError returns the text of an error as it may reach a terminal. It may quote arguments, files, the network
// and libraries; --mask-ips holds for it, and passwords in URLs are left out.
func printableError(cmd *cobra.Command, text string) string {
	masked, _ := cmd.Flags().GetBool("mask-ips") // false where there is no such flag
	lines := strings.Split(withoutPasswords(text), "\n")
	for i := range lines {
		lines[i] = report.Options{MaskAddrs: masked}.Text(lines[i])
	}
	return strings.Join(lines, "\n")
}

// withoutPasswords returns s without the passwords of the URLs and the connection strings in it.
func withoutPasswords(s string) string {
	s = urlPassword.ReplaceAllStringFunc(s, func(found string) string {
		if strings.HasSuffix(found, ":PASSWORD@") { // the word of our own remedies
			return found
		}
		return urlPassword.ReplaceAllString(found, "${1}xxxxx@")
	})
	return connectionPassword.ReplaceAllString(s, "${1}xxxxx")
}

var (
	urlPassword        = regexp.MustCompile(`(://[^\s/:@]*:)[^\s/]*@`)
	connectionPassword = regexp.MustCompile(`(?i)(\b(?:password|passwd|pgpassword)=)('[^']*'|[^\s&"]+)`)
)
