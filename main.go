// Command dhtop is top for the BitTorrent DHT: a terminal explorer of the Mainline DHT, and the same
// engine without a terminal.
package main

import (
	"os"

	"dhtop/ui/cli"
)

func main() {
	os.Exit(cli.Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}
