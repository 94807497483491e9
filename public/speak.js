// The browser loads its own words for money and time when they are first used, for the
// page and its workers at once. That takes a while: here nobody waits for it.
new Intl.NumberFormat(self.name, { style: "currency", currency: "EUR" }).format(1);
new Intl.DateTimeFormat(self.name, { timeStyle: "short", timeZone: "Europe/Berlin" }).format(0);
close();
