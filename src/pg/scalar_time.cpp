// How do dates and times become PostgreSQL's?
//
// What most APIs send, 2024-01-31T12:30:00.123Z, is read here, because the types' input functions,
// which know all that people write, take ten times as long. They read everything else.

#include "pg/scalar.hpp"

namespace gql::pg
{

namespace
{

// Reads what it is asked for from the front of a text.
struct TextCursor
{
	const char *at;
	const char *end;

	bool
	take(char c)
	{
		const bool found = at < end && *at == c;

		at += found ? 1 : 0;
		return found;
	}

	// A number of so many digits, no larger than `most`.
	bool
	take_number(int digits, int most, int *number)
	{
		*number = 0;
		if (end - at < digits)
		{
			return false;
		}
		for (const char *behind = at + digits; at < behind; at++)
		{
			if (*at < '0' || *at > '9')
			{
				return false;
			}
			*number = *number * 10 + (*at - '0');
		}
		return *number <= most;
	}
};

// 2024-01-31, as days since PostgreSQL's epoch.
bool
take_day(TextCursor *text, DateADT *day)
{
	int year, month, of_month;

	if (!text->take_number(4, 9999, &year) || !text->take('-') ||
		!text->take_number(2, 12, &month) || !text->take('-') ||
		!text->take_number(2, 31, &of_month) || year < 1 || month < 1 || of_month < 1 ||
		of_month > day_tab[isleap(year)][month - 1])
	{
		return false;
	}
	*day = date2j(year, month, of_month) - POSTGRES_EPOCH_JDATE;
	return true;
}

// .123, as microseconds. More than six digits are not taken to their end.
int64
take_fraction(TextCursor *text)
{
	int64 microseconds = 0;
	int64 unit = USECS_PER_SEC;
	int digit;

	if (text->take('.'))
	{
		while (unit > 1 && text->take_number(1, 9, &digit))
		{
			unit /= 10;
			microseconds += digit * unit;
		}
	}
	return microseconds;
}

// 12:30:00.123, as microseconds.
bool
take_time_of_day(TextCursor *text, int64 *time)
{
	int hour, minute, second;

	if (!text->take_number(2, 23, &hour) || !text->take(':') ||
		!text->take_number(2, 59, &minute) || !text->take(':') ||
		!text->take_number(2, 59, &second))
	{
		return false;
	}
	*time = hour * USECS_PER_HOUR + minute * USECS_PER_MINUTE + second * USECS_PER_SEC +
			take_fraction(text);
	return true;
}

// Z or +02:00, as microseconds east of Greenwich.
bool
take_zone(TextCursor *text, int64 *east)
{
	int hours, minutes;

	*east = 0;
	if (text->take('Z'))
	{
		return true;
	}
	const bool west = text->take('-');

	if ((!west && !text->take('+')) || !text->take_number(2, 14, &hours) || !text->take(':') ||
		!text->take_number(2, 59, &minutes))
	{
		return false;
	}
	*east = (hours * USECS_PER_HOUR + minutes * USECS_PER_MINUTE) * (west ? -1 : 1);
	return true;
}

// 2024-01-31T12:30:00.123 and, where it is to have one, a zone.
bool
take_timestamp(TextCursor *text, bool zoned, Timestamp *timestamp)
{
	DateADT day;
	int64 time;
	int64 east = 0;

	if (!take_day(text, &day) || (!text->take('T') && !text->take(' ')) ||
		!take_time_of_day(text, &time) || (zoned && !take_zone(text, &east)))
	{
		return false;
	}
	*timestamp = day * USECS_PER_DAY + time - east;
	return text->at == text->end;
}

void
want_string(const ScalarReader *reader, const Value &value)
{
	if (value.kind != Kind::string)
	{
		refuse_kind(reader->type, value.kind);
	}
}

TextCursor
cursor_of(const Value &value)
{
	return {value.text.data(), value.text.data() + value.text.size()};
}

// Is there more to "2024-01-31T12:30:00Z" than a day?
bool
has_time_of_day(std::string_view text)
{
	size_t colon = text.find(':');

	if (colon == std::string_view::npos || colon < 3 ||
		std::string_view("Tt ").find(text[colon - 3]) == std::string_view::npos)
	{
		return false;
	}
	std::string_view time = text.substr(colon - 2);

	time = time.substr(0, time.find_first_not_of("0123456789:."));
	return time.find_first_not_of("0:.") != std::string_view::npos;
}

}    // namespace

// Unlike PostgreSQL, cuts nothing off without a word.
Datum
read_date(ScalarReader *reader, const Value &value)
{
	TextCursor text = cursor_of(value);
	DateADT day;

	want_string(reader, value);
	if (take_day(&text, &day) && text.at == text.end)
	{
		return DateADTGetDatum(day);
	}
	if (has_time_of_day(value.text))
	{
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_DATETIME_FORMAT),
				 errmsg("type date cannot hold the time of day of \"%s\"", server_cstring(value)),
				 errhint("Give the column type timestamptz.")));
	}
	return read_by_input(reader, value);
}

Datum
read_timestamp(ScalarReader *reader, const Value &value)
{
	TextCursor text = cursor_of(value);
	Timestamp timestamp;

	want_string(reader, value);
	if (reader->typmod < 0 && take_timestamp(&text, reader->type == TIMESTAMPTZOID, &timestamp))
	{
		return TimestampGetDatum(timestamp);
	}
	return read_by_input(reader, value);
}

// Times of day come as strings, too: a number could be anything.
Datum
read_time(ScalarReader *reader, const Value &value)
{
	want_string(reader, value);
	return read_by_input(reader, value);
}

}    // namespace gql::pg
